"""Provinces and their cities (GB/T 2260), for forms and imports, from the tables that python-stdnum brings along.

Cities are prefectures; the municipalities and special regions are cities themselves.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from tongwen.domain.members.types import Place
from tongwen.standards import hanzi

_PROVINCES = (
    ("110000", "北京市", "北京市", "Beijing"),
    ("120000", "天津市", "天津市", "Tianjin"),
    ("130000", "河北省", "河北省", "Hebei"),
    ("140000", "山西省", "山西省", "Shanxi"),
    ("150000", "内蒙古自治区", "內蒙古自治區", "Inner Mongolia"),
    ("210000", "辽宁省", "遼寧省", "Liaoning"),
    ("220000", "吉林省", "吉林省", "Jilin"),
    ("230000", "黑龙江省", "黑龍江省", "Heilongjiang"),
    ("310000", "上海市", "上海市", "Shanghai"),
    ("320000", "江苏省", "江蘇省", "Jiangsu"),
    ("330000", "浙江省", "浙江省", "Zhejiang"),
    ("340000", "安徽省", "安徽省", "Anhui"),
    ("350000", "福建省", "福建省", "Fujian"),
    ("360000", "江西省", "江西省", "Jiangxi"),
    ("370000", "山东省", "山東省", "Shandong"),
    ("410000", "河南省", "河南省", "Henan"),
    ("420000", "湖北省", "湖北省", "Hubei"),
    ("430000", "湖南省", "湖南省", "Hunan"),
    ("440000", "广东省", "廣東省", "Guangdong"),
    ("450000", "广西壮族自治区", "廣西壯族自治區", "Guangxi"),
    ("460000", "海南省", "海南省", "Hainan"),
    ("500000", "重庆市", "重慶市", "Chongqing"),
    ("510000", "四川省", "四川省", "Sichuan"),
    ("520000", "贵州省", "貴州省", "Guizhou"),
    ("530000", "云南省", "雲南省", "Yunnan"),
    ("540000", "西藏自治区", "西藏自治區", "Tibet"),
    ("610000", "陕西省", "陝西省", "Shaanxi"),
    ("620000", "甘肃省", "甘肅省", "Gansu"),
    ("630000", "青海省", "青海省", "Qinghai"),
    ("640000", "宁夏回族自治区", "寧夏回族自治區", "Ningxia"),
    ("650000", "新疆维吾尔自治区", "新疆維吾爾自治區", "Xinjiang"),
    ("710000", "台湾省", "臺灣省", "Taiwan"),
    ("810000", "香港特别行政区", "香港特別行政區", "Hong Kong"),
    ("820000", "澳门特别行政区", "澳門特別行政區", "Macao"),
)
_LINE = re.compile(r'^( *)(\d+) (?:province|county)="([^"]+)"')
_FORMER = re.compile(r"^\[\d*-\d+\]")
_SINCE = re.compile(r"^\[\d*-\]")
_NO_CITY = re.compile("直辖|市辖区$|^县$|^省|林区$")
_PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔|柯尔克孜|哈萨克|布依族|苗族|侗族|壮族|彝族|哈尼族|傣族|白族|景颇族|傈僳族|羌族|"
    "土家族|朝鲜族|黎族"
)
_ENDINGS = re.compile(f"(市|地区|盟|({_PEOPLES})*自治州)$")
# English names that are not the syllables of the Chinese ones.
_ENGLISH = {
    "150100": "Hohhot",
    "150600": "Ordos",
    "150700": "Hulunbuir",
    "150800": "Bayannur",
    "150900": "Ulanqab",
    "152200": "Hinggan",
    "152500": "Xilingol",
    "152900": "Alxa",
    "230100": "Harbin",
    "230200": "Qiqihar",
    "320800": "Huai'an",
    "340500": "Ma'anshan",
    "341500": "Lu'an",
    "360800": "Ji'an",
    "370900": "Tai'an",
    "511600": "Guang'an",
    "511800": "Ya'an",
    "530800": "Pu'er",
    "540100": "Lhasa",
    "540200": "Shigatse",
    "540300": "Qamdo",
    "540400": "Nyingchi",
    "542500": "Ngari",
    "610100": "Xi'an",
    "610600": "Yan'an",
    "650100": "Urumqi",
    "650200": "Karamay",
    "650400": "Turpan",
    "652700": "Bortala",
    "652800": "Bayingolin",
    "652900": "Aksu",
    "653000": "Kizilsu",
    "653100": "Kashgar",
    "653200": "Hotan",
    "654300": "Altay",
}


@cache
def provinces() -> dict[str, Place]:
    """Return the 34 provinces, autonomous regions, municipalities and special regions by code."""
    return {row[0]: Place(*row) for row in _PROVINCES}


@cache
def cities() -> dict[str, Place]:
    """Return the cities of today by code, in the order of the codes."""
    found = dict(_prefectures())
    for province in provinces().values():
        if not any(code[:2] == province.code[:2] for code in found):
            code = province.code[:2] + "0100"
            found[code] = Place(code, province.name_zh, province.name_zh_hant, province.name_en)
    return dict(sorted(found.items()))


def place(code: str) -> Place | None:
    """Return the province or city with this code."""
    return provinces().get(code) or cities().get(code)


def province_of(city: str) -> str:
    """Return the code of the province in which a city lies (its first two digits)."""
    return city[:2] + "0000"


def find_city(text: str, province: str = "") -> Place | None:
    """Return the one city with this code or Chinese name, with or without 市; None where none or several have it."""
    if text.isascii():
        found = [cities()[text]] if text in cities() else []
    else:
        folded = hanzi.normalize(text)
        found = [one for one in cities().values() if folded in _names(one)]
    inside = [one for one in found if not province or province_of(one.code) == province]
    return inside[0] if len(inside) == 1 else None


def find_province(text: str) -> Place | None:
    """Return the province with this code or Chinese name, short or whole (江苏, 江苏省)."""
    if text in provinces():
        return provinces()[text]
    folded = hanzi.normalize(text)
    found = [one for one in provinces().values() if len(folded) > 1 and hanzi.normalize(one.name_zh).startswith(folded)]
    return found[0] if len(found) == 1 else None


@cache
def _names(one: Place) -> frozenset[str]:
    whole = hanzi.normalize(one.name_zh)
    return frozenset({whole, whole.removesuffix("市"), hanzi.normalize(_ENDINGS.sub("", one.name_zh))})


def _prefectures() -> dict[str, Place]:
    text = resources.files("stdnum.cn").joinpath("loc.dat").read_text(encoding="utf-8")
    found: dict[str, Place] = {}
    province = ""
    for line in text.splitlines():
        matched = _LINE.match(line)
        if matched is None:
            continue
        indent, digits, names = matched.groups()
        if not indent:
            province = digits
        elif digits.endswith("00") and digits != "0000" and (name := _today(names)):
            found[province + digits] = _city(province + digits, name)
    return found


def _today(names: str) -> str:
    """Return the name that a code has today, "" where it has none or is no city."""
    valid = [_SINCE.sub("", name) for name in names.split(",") if not _FORMER.match(name)]
    return "" if not valid or _NO_CITY.search(valid[-1]) else valid[-1]


def _city(code: str, name: str) -> Place:
    short = _ENDINGS.sub("", name) or name
    english = _ENGLISH.get(code) or hanzi.pinyin(short).replace(" ", "").capitalize()
    return Place(code, name, hanzi.traditional(name), english)
