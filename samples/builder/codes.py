"""Code lists of the two formats, as far as the samples use them."""

from __future__ import annotations

ROLES = {
    "著": "author", "撰": "author", "编著": "author", "原著": "author", "译": "translator", "编译": "translator",
    "主编": "editor", "编": "editor", "总主编": "editor", "校注": "annotator", "注": "annotator", "校点": "editor",
    "辑": "compiler", "编纂": "compiler", "纂": "compiler", "绘": "illustrator", "作曲": "composer", "作词": "lyricist",
    "导演": "film director", "主办": "issuing body", "修": "editor", "批评": "annotator", "述": "author",
    "书": "calligrapher", "校": "editor",
    "改编": "adapter", "演奏": "performer", "疏": "annotator", "笺": "annotator", "选编": "editor",
}  # fmt: skip
MAIN_ROLES = frozenset(
    ("著", "撰", "编著", "原著", "作曲", "辑", "编纂", "纂", "述", "总主编", "主编", "编", "主办", "导演")
)

LANGUAGE_NAMES = {
    "chi": "Chinese", "eng": "English", "fre": "French", "ger": "German", "rus": "Russian", "jpn": "Japanese",
    "kor": "Korean", "spa": "Spanish", "ita": "Italian", "ara": "Arabic",
}  # fmt: skip
HOME_OF_LANGUAGE = {
    "chi": "CN", "eng": "US", "fre": "FR", "ger": "DE", "rus": "RU", "jpn": "JP", "kor": "KR", "spa": "ES",
    "ita": "IT", "ara": "EG", "lat": "IT",
}  # fmt: skip
MARC21_COUNTRIES = {
    "CN": "cc ", "TW": "ch ", "HK": "cc ", "US": "xxu", "GB": "enk", "FR": "fr ", "DE": "gw ", "RU": "ru ", "SU": "ru ",
    "JP": "ja ", "KR": "ko ", "ES": "sp ", "IT": "it ", "EG": "ua ", "LB": "le ", "AR": "ag ", "CH": "sz ", "NL": "ne ",
    "CO": "ck ", "SY": "sy ",
}  # fmt: skip
# The country and, for China, the province of GB/T 2260.
PROVINCES = {
    "北京": "110000", "天津": "120000", "石家庄": "130000", "太原": "140000", "呼和浩特": "150000", "沈阳": "210000",
    "长春": "220000", "哈尔滨": "230000", "上海": "310000", "南京": "320000", "苏州": "320000", "扬州": "320000",
    "常熟": "320000", "杭州": "330000", "宁波": "330000", "合肥": "340000", "福州": "350000", "南昌": "360000",
    "济南": "370000", "郑州": "410000", "武汉": "420000", "长沙": "430000", "广州": "440000", "桂林": "450000",
    "南宁": "450000", "海口": "460000", "重庆": "500000", "成都": "510000", "贵阳": "520000", "昆明": "530000",
    "拉萨": "540000", "西安": "610000", "兰州": "620000", "西宁": "630000", "银川": "640000", "乌鲁木齐": "650000",
    "台北": "710000", "臺北": "710000", "香港": "810000",
}  # fmt: skip

CNMARC_FREQUENCIES = {"周刊": "c", "半月刊": "e", "月刊": "f", "双月刊": "g", "季刊": "h", "年刊": "k"}
FREQUENCIES_IN_ENGLISH = {"周刊": "Weekly", "月刊": "Monthly", "双月刊": "Bimonthly", "季刊": "Quarterly"}
MARC21_FREQUENCIES = {"周刊": "w", "半月刊": "s", "月刊": "m", "双月刊": "b", "季刊": "q", "年刊": "a"}

# Leader positions 6 and 7 by type of publication.
LEADERS = {
    "book": "am", "set": "am", "ancient": "am", "ebook": "am", "serial": "as", "ejournal": "as", "map": "em",
    "score": "cm", "dvd": "gm", "cd": "jm", "proceedings": "am", "thesis": "am", "microform": "am",
}  # fmt: skip
ONLINE = frozenset(("ebook", "ejournal"))
SERIAL = frozenset(("serial", "ejournal"))
