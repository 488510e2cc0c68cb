"""Read Han text aloud: pinyin of titles and names, and the forms under which they are searched.

pypinyin and its dictionary of phrases (银行 yin hang) take some tenths of a second and 50 MB, so they are loaded with
the first Han text. Syllables have no tones, and ü is u (see `syllables`).
"""

from __future__ import annotations

import re
import threading
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from tongwen.standards.hanzi.folding import normalize

if TYPE_CHECKING:
    from collections.abc import Callable

_HAN_RUN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_NOT_U = {"lv": "lu", "nv": "nu", "lve": "lue", "nve": "nue", "lvan": "luan"}


def _pairs(table: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in table.split())


# Surnames that are read otherwise than the same character elsewhere.
_SURNAMES = _pairs(
    "单:shan 曾:zeng 解:xie 仇:qiu 查:zha 区:ou 朴:piao 任:ren 盖:ge 翟:zhai 缪:miao 覃:qin 华:hua 员:yun 逄:pang "
    "冼:xian 折:she 黑:he 繁:po 乜:nie 隗:wei 粘:nian 句:gou 郇:xun 那:na 车:che 祭:zhai 纪:ji 薄:bo 尉:wei 阚:kan "
    "晁:chao 宿:su 乐:yue 洗:xian 省:xing 俞:yu 应:ying 占:zhan 干:gan 召:shao 沈:shen 葛:ge 万:wan 长:zhang "
    "种:chong 令:ling 盛:sheng 都:du 过:guo 哈:ha 燕:yan 重:chong 卜:bu 谌:chen 郗:xi 郝:hao 费:fei 牟:mou 宓:mi"
)
_COMPOUND_SURNAMES = _pairs(
    "欧阳:ou_yang 司马:si_ma 上官:shang_guan 诸葛:zhu_ge 司徒:si_tu 司空:si_kong 司寇:si_kou 东方:dong_fang "
    "夏侯:xia_hou 皇甫:huang_fu 尉迟:yu_chi 万俟:mo_qi 公孙:gong_sun 公羊:gong_yang 公冶:gong_ye 慕容:mu_rong "
    "宇文:yu_wen 长孙:zhang_sun 令狐:ling_hu 鲜于:xian_yu 单于:chan_yu 澹台:tan_tai 端木:duan_mu 百里:bai_li "
    "呼延:hu_yan 轩辕:xuan_yuan 钟离:zhong_li 闻人:wen_ren 濮阳:pu_yang 淳于:chun_yu 太史:tai_shi 太叔:tai_shu "
    "申屠:shen_tu 仲孙:zhong_sun 独孤:du_gu 南宫:nan_gong 西门:xi_men 东郭:dong_guo 拓跋:tuo_ba 完颜:wan_yan "
    "耶律:ye_lu 纳兰:na_lan 赫连:he_lian 宗政:zong_zheng 亓官:qi_guan 乐正:yue_zheng 左丘:zuo_qiu 谷梁:gu_liang "
    "段干:duan_gan 第五:di_wu 梁丘:liang_qiu 东野:dong_ye 叶赫:ye_he 欧冶:ou_ye 巫马:wu_ma 公西:gong_xi"
)
_COMMON_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤欧"
)
# Names in titles (曾國藩家書) that the dictionary of phrases reads as other words.
_NAMES_IN_TITLES = (
    "曾国藩",
    "曾国荃",
    "曾纪泽",
    "曾子",
    "曾巩",
    "曾朴",
    "仇英",
    "查良镛",
    "查慎行",
    "解缙",
    "尉迟恭",
    "单田芳",
)
# Characters that pypinyin reads otherwise than titles mostly mean them (佛 fu, 曾 ceng), or not at all (亁, 煇).
_SINGLE = _pairs(
    "佛:fo 长:chang 卜:bu 匙:chi 脯:fu 泊:bo 掺:chan 晟:sheng 拎:lin 嗲:dia 辗:zhan 帧:zhen 擘:bo 呷:xia 聒:guo "
    "曾:zeng 都:du 劵:quan 刋:kan 漯:luo 亁:qian 煇:hui 貎:mao"
)
# Words of titles that the dictionary lacks or divides wrongly.
_PHRASES = _pairs(
    "工商行政:gong_shang_xing_zheng 合同行纪:he_tong_hang_ji 藏传佛教:zang_chuan_fo_jiao 藏式:zang_shi 藏史:zang_shi "
    "雅鲁藏布:ya_lu_zang_bu 藏学:zang_xue 校读:jiao_du 校笺:jiao_jian 辑校:ji_jiao 校补:jiao_bu 重塑:chong_su "
    "重刊:chong_kan 重构:chong_gou 重修:chong_xiu 贾平凹:jia_ping_wa 佛刹:fo_cha 湖泊:hu_po "
    "漯河:luo_he 燕乐:yan_yue 张中行:zhang_zhong_xing 为什么:wei_shen_me "
    "于省吾:yu_xing_wu 传记:zhuan_ji 列传:lie_zhuan"
)
# At the end of a title 传 is a biography, except after these (宣传, 遗传, 失传).
_HANDED_DOWN = tuple("宣遗流祖相谣家真嫡秘单失师亲再薪承")
_loading = threading.Lock()


def _as_entry(syllables: list[str]) -> list[list[str]]:
    """Return a reading as the dictionary of phrases holds it: for each character the list of its readings."""
    return [[syllable] for syllable in syllables]


def _reader() -> Callable[[str], list[str]]:
    """Return the reader of this process. The dictionaries are the library's own and load for one thread at a time."""
    with _loading:
        return _loaded_reader()


@cache
def _loaded_reader() -> Callable[[str], list[str]]:
    """Load the dictionaries, and return what reads a run of Han characters syllable by syllable."""
    import opencc
    import pypinyin

    simplified = opencc.OpenCC("t2s")
    pypinyin.load_single_dict({ord(character): syllable for character, syllable in _SINGLE.items()})
    # Each call of load_phrases_dict goes through the whole dictionary: all phrases at once, then all names.
    pypinyin.load_phrases_dict({phrase: _as_entry(syllables.split("_")) for phrase, syllables in _PHRASES.items()})
    given = {name: pypinyin.lazy_pinyin(name[_surname_length(name) :]) for name in _NAMES_IN_TITLES}
    pypinyin.load_phrases_dict({name: _as_entry([*_known_surname(name), *rest]) for name, rest in given.items()})

    def read(run: str) -> list[str]:
        found: list[str] = []
        plain = simplified.convert(run)
        for part in pypinyin.lazy_pinyin(plain):
            # What the dictionary lacks comes back unread: it is read as the characters that it is a form of.
            found += [part] if part.isascii() else pypinyin.lazy_pinyin(normalize(part), errors="ignore")
        if plain.endswith("传") and len(plain) > 1 and plain[-2] not in _HANDED_DOWN:
            found[-1] = "zhuan"
        return [_NOT_U.get(syllable, syllable) for syllable in found]

    return read


@lru_cache(maxsize=8192)
def pinyin(text: str) -> str:
    """Return the syllables of the Han characters of a text, space-joined, without tones; "" where it has none.

    Characters with several readings are read by the phrase they stand in; 乾隆 is read before any folding to 干.
    A character whose reading no dictionary has (Japanese and Korean ones mostly) is left out.
    """
    if text.isascii():
        return ""
    runs = _HAN_RUN.findall(text)
    return " ".join(syllable for run in runs for syllable in _reader()(run))


def initials(syllables: str) -> str:
    """Return the first letter of each space-joined syllable: `hong lou meng` gives `hlm`."""
    return "".join(syllable[0] for syllable in syllables.split())


def title_forms(text: str) -> tuple[str, ...]:
    """Return what an index field for pinyin holds of a Han title: its syllables, and its initials in one word."""
    syllables = pinyin(text)
    return (syllables, initials(syllables)) if syllables else ()


_BRACKETED = re.compile(r"[(\[（〔【][^)\]）〕】]*[)\]）〕】]")


def _without_dates(name: str) -> str:
    """Return a heading without country, dynasty and dates: `(清)曹雪芹, 约1715-1763` is 曹雪芹."""
    pieces = re.split("[,，]", _BRACKETED.sub("", name))
    return "".join(piece.strip() for piece in pieces if not any(c.isdigit() for c in piece))


def _simplified(name: str) -> str:
    return "".join(_HAN_RUN.findall(normalize(name)))


def _surname_length(name: str) -> int:
    """Return how many characters the surname has; two of the common ones before a given name of two are both it."""
    if name[:2] in _COMPOUND_SURNAMES:
        return 2
    if len(name) == 4 and name[0] in _COMMON_SURNAMES and name[1] in _COMMON_SURNAMES:
        return 2
    return 1


def _known_surname(name: str) -> list[str]:
    if name[:2] in _COMPOUND_SURNAMES:
        return _COMPOUND_SURNAMES[name[:2]].split("_")
    return [_SURNAMES[name[0]]] if name[:1] in _SURNAMES and _surname_length(name) == 1 else []


def _surname_syllables(name: str) -> list[str]:
    return _known_surname(name) or [
        _SURNAMES.get(character) or pinyin(character) for character in name[: _surname_length(name)]
    ]


def surname_pinyin(name: str) -> str:
    """Return the reading of the surname that a Han name begins with, in one word: 欧阳文 `ouyang`, 单田芳 `shan`."""
    return "".join(_surname_syllables(_simplified(name)))


def _syllables(name: str) -> tuple[list[str], list[str]]:
    """Return the syllables of the surname and those of the given name."""
    simplified = _simplified(name)
    given = "".join(_HAN_RUN.findall(name))[_surname_length(simplified) :]
    return _surname_syllables(simplified), pinyin(given).split()


def name_forms(name: str) -> tuple[str, ...]:
    """Return the forms under which a personal name in Han script is searched; () where there is no Han script.

    欧阳文 gives `ou yang wen`, `ouyang wen`, `wen ouyang`, `ouyangwen`, `oyw`: so `Ouyang, Wen`, `Wen Ouyang`
    and `oyw` find it. Country, dynasty and dates beside the name do not count.
    A foreign name with dots (哈里森·沃尔德伦) has no surname in front: syllables and initials only.
    """
    name = _without_dates(name)
    if not _HAN_RUN.search(name):
        return ()
    if len(_HAN_RUN.findall(name)) > 1:
        return title_forms(name)
    surname, given = _syllables(name)
    spaced = " ".join(surname + given)
    family, personal = "".join(surname), "".join(given)
    forms = (spaced, f"{family} {personal}", f"{personal} {family}", family + personal, initials(spaced))
    return tuple(dict.fromkeys(form.strip() for form in forms))


def romanized_name(name: str) -> str:
    """Return a Chinese name in Latin letters (GB/T 28039): `Yang Weimin`, `Ouyang Wen`, `Zheng-Li Shufang`.

    The parts of a foreign name with dots are read one by one in their order.
    """
    if len(runs := _HAN_RUN.findall(name)) > 1:
        return " ".join("".join(pinyin(run).split()).capitalize() for run in runs)
    surname, given = _syllables(name)
    simplified = _simplified(name)
    double = len(surname) == 2 and simplified[:2] not in _COMPOUND_SURNAMES
    family = "-".join(s.capitalize() for s in surname) if double else "".join(surname).capitalize()
    personal = "".join(("'" if i and s[0] in "aeo" else "") + s for i, s in enumerate(given)).capitalize()
    return f"{family} {personal}".strip()
