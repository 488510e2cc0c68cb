"""The words that say what somebody did for a book, and the MARC relator codes they stand for."""

from __future__ import annotations

import functools
import re
from typing import Final

HAN_ROLES: Final[dict[str, str]] = {
    "著": "aut", "着": "aut", "著者": "aut", "撰": "aut", "撰文": "aut", "撰稿": "aut", "编著": "aut", "編著": "aut",
    "著作": "aut",
    "合著": "aut", "共著": "aut", "主撰": "aut", "原著": "aut", "作": "aut", "作者": "aut", "述": "aut",
    "口述": "spk", "讲述": "spk",
    "主编": "edt", "主編": "edt", "编": "edt", "編": "edt", "总主编": "edt", "總主編": "edt", "副主编": "edt",
    "编者": "edt", "編者": "edt",
    "总编": "edt", "分卷主编": "edt", "执行主编": "edt", "监修": "edt", "監修": "edt", "修": "edt", "主修": "edt",
    "整理": "edt",
    "点校": "edt", "點校": "edt", "校": "edt", "校订": "edt", "校訂": "edt", "校点": "edt", "校點": "edt",
    "校勘": "edt", "标点": "edt",
    "責任編輯": "edt", "编辑": "edt", "編輯": "edt", "改编": "adp", "改編": "adp",
    "编纂": "com", "編纂": "com", "纂": "com", "纂修": "com", "辑": "com", "輯": "com", "选编": "com", "選編": "com",
    "编选": "com", "編選": "com",
    "汇编": "com", "彙編": "com", "辑录": "com", "选": "com", "編集": "com", "編者代表": "com", "辑校": "com",
    "选注": "cmm",
    "译": "trl", "譯": "trl", "訳": "trl", "翻译": "trl", "翻譯": "trl", "译者": "trl", "編訳": "trl", "编译": "trl",
    "編譯": "trl",
    "译注": "trl", "譯注": "trl", "訳注": "trl", "主译": "trl", "共訳": "trl", "监译": "trl", "監訳": "trl",
    "译校": "trl", "校译": "trl",
    "注": "cmm", "註": "cmm", "注释": "cmm", "註釋": "cmm", "校注": "cmm", "校註": "cmm", "笺注": "cmm",
    "箋注": "cmm", "集解": "cmm",
    "疏": "cmm", "点评": "cmm", "评": "cmm", "评注": "cmm", "解说": "cmm", "解説": "cmm",
    "绘": "ill", "繪": "ill", "绘画": "ill", "插图": "ill", "插圖": "ill", "绘图": "ill", "画": "art", "畫": "art",
    "絵": "ill", "图": "ill",
    "摄影": "pht", "攝影": "pht", "摄": "pht", "写真": "pht", "撮影": "pht", "书": "cll", "書": "cll", "题字": "cll",
    "序": "wpr", "作序": "wpr", "前言": "wpr", "导读": "win", "導讀": "win", "记录": "trc", "笔录": "trc",
    "记": "trc",
    "作曲": "cmp", "曲": "cmp", "作词": "lyr", "词": "lyr", "编曲": "arr", "演奏": "prf", "演唱": "sng",
    "指挥": "cnd",
    "导演": "drt", "導演": "drt", "编剧": "aus", "主演": "act", "制片": "pro", "播讲": "nrt", "朗读": "nrt",
    "朗诵": "nrt", "讲": "spk",
    "设计": "dsr", "装帧设计": "bkd", "制图": "ctg", "出版": "pbl", "发行": "dst", "印刷": "prt", "刻": "egr",
    "篆刻": "egr", "辑绘": "ctg",
    "主持": "ive", "采访": "ivr", "资助": "fnd", "导师": "ths", "指导": "ths", "发明": "inv", "藏": "own",
    "主办": "isb",
    "지음": "aut", "저": "aut", "글": "aut", "엮음": "edt", "편": "edt", "편저": "edt", "옮김": "trl", "역": "trl",
    "그림": "ill", "사진": "pht",
}  # fmt: skip
"""Role words of Chinese, Japanese and Korean catalogues."""

WESTERN_ROLES: Final[dict[str, str]] = {
    "author": "aut", "joint author": "aut", "jt. author": "aut", "auth": "aut", "writer": "aut", "verfasserin": "aut",
    "verfasser": "aut",
    "auteur": "aut", "autor": "aut", "autore": "aut", "kirjoittaja": "aut", "автор": "aut", "author of text": "aut",
    "editor": "edt", "ed": "edt", "joint editor": "edt", "joint ed": "edt", "jt. ed": "edt", "eds": "edt",
    "toimittaja": "edt",
    "herausgeberin": "edt", "herausgeber": "edt", "hrsg": "edt", "éditeur scientifique": "edt", "redaktör": "edt",
    "редактор": "edt",
    "editor of compilation": "edc", "compiler": "com", "comp": "com", "составитель": "com", "translator": "trl",
    "tr": "trl",
    "trans": "trl", "joint translator": "trl", "traducteur": "trl", "traductor": "trl", "übersetzerin": "trl",
    "übersetzer": "trl",
    "kääntäjä": "trl", "переводчик": "trl", "illustrator": "ill", "ill": "ill", "illus": "ill", "illustrateur": "ill",
    "kuvittaja": "ill",
    "художник": "ill", "иллюстратор": "ill", "photographer": "pht", "publisher": "pbl", "printer": "prt",
    "composer": "cmp",
    "lyricist": "lyr", "librettist": "lbt", "arranger": "arr", "arranger of music": "arr", "performer": "prf",
    "singer": "sng",
    "conductor": "cnd", "instrumentalist": "itr", "actor": "act", "director": "drt", "film director": "fmd",
    "producer": "pro",
    "film producer": "fmp", "screenwriter": "aus", "narrator": "nrt", "speaker": "spk", "issuing body": "isb",
    "host institution": "his",
    "sponsor": "spn", "sponsoring body": "spn", "funder": "fnd", "contributor": "ctb", "cartographer": "ctg",
    "artist": "art",
    "engraver": "egr", "designer": "dsr", "book designer": "bkd", "interviewer": "ivr", "interviewee": "ive",
    "thesis advisor": "ths",
    "degree supervisor": "dgs", "degree granting institution": "dgg", "former owner": "fmo", "owner": "own",
    "dedicatee": "dte",
    "adapter": "adp", "writer of preface": "wpr", "writer of foreword": "wpr", "writer of introduction": "win",
    "writer of added commentary": "wac", "commentator": "cmm", "collector": "col", "creator": "cre",
    "bookseller": "bsl",
    "honoree": "hnr", "filmmaker": "fmk", "calligrapher": "cll", "transcriber": "trc", "distributor": "dst",
    "reviewer": "rev",
    "censor": "cns", "respondent": "rsp", "praeses": "pra", "inventor": "inv", "programmer": "prg",
    "researcher": "res",
    "enacting jurisdiction": "enj", "organizer": "orm", "place of publication": "pup",
}  # fmt: skip

UNIMARC_ROLES: Final[dict[str, str]] = {
    "005": "act", "010": "adp", "020": "ann", "030": "arr", "040": "art", "065": "auc", "070": "aut", "075": "aft",
    "080": "aui",
    "090": "aud", "100": "ant", "110": "bnd", "120": "bdd", "160": "bsl", "170": "cll", "180": "ctg", "190": "cns",
    "200": "chr",
    "205": "ctb", "210": "cmm", "212": "cmm", "220": "com", "230": "cmp", "250": "cnd", "270": "crr", "273": "cur",
    "275": "dnc",
    "280": "dte", "290": "dto", "295": "dgg", "300": "drt", "305": "dis", "310": "dst", "320": "dnr", "330": "dub",
    "340": "edt",
    "350": "egr", "360": "etr", "365": "exp", "370": "flm", "390": "fmo", "400": "fnd", "410": "grt", "420": "hnr",
    "430": "ilu",
    "440": "ill", "450": "ins", "460": "ive", "470": "ivr", "480": "lbt", "490": "lse", "500": "lso", "510": "ltg",
    "520": "lyr",
    "530": "mte", "540": "mon", "545": "mus", "550": "nrt", "557": "orm", "560": "org", "570": "oth", "580": "ppm",
    "587": "pth",
    "590": "prf", "595": "res", "600": "pht", "605": "spk", "610": "prt", "620": "pop", "630": "pro", "635": "prg",
    "640": "pfr",
    "650": "pbl", "651": "pbd", "660": "rcp", "670": "rce", "673": "rth", "675": "rev", "690": "aus", "695": "sad",
    "700": "scr",
    "705": "scl", "710": "sec", "720": "sgn", "721": "sng", "723": "spn", "725": "stn", "727": "ths", "730": "trl",
    "740": "tyd",
    "750": "tyg", "755": "voc", "760": "wde", "770": "wam",
}  # fmt: skip
"""UNIMARC appendix C to MARC relators."""

_CODE: Final = re.compile(r"[a-z]{3}")
_HAN_CLUTTER: Final = re.compile(r"[\[\]［］()（）、,，.·\s]|等|共同|联合")


@functools.lru_cache(maxsize=4096)
def relator(words: str) -> str:
    """Return the MARC relator code of a $e or $4: a code, a relator's address, or words; "" where unknown."""
    word = words.strip(" ,.;:()[]").rsplit("/", 1)[-1].casefold()
    if word in WESTERN_ROLES:
        return WESTERN_ROLES[word]
    if _CODE.fullmatch(word):
        return word
    if word in UNIMARC_ROLES:
        return UNIMARC_ROLES[word]
    word = _HAN_CLUTTER.sub("", word)
    while word:
        if word in HAN_ROLES:
            return HAN_ROLES[word]
        word = word[1:]
    return ""
