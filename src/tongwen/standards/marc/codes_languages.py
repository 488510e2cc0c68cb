"""Language codes of MARC records (ISO 639-2/B with MARC's collective codes) and what they are called."""

from __future__ import annotations

_TWO_LETTERS = """
aar=aa abk=ab afr=af aka=ak alb=sq amh=am ara=ar arg=an arm=hy asm=as ava=av ave=ae aym=ay aze=az bak=ba bam=bm
baq=eu bel=be ben=bn bis=bi bos=bs bre=br bul=bg bur=my cat=ca cha=ch che=ce chi=zh chu=cu chv=cv cor=kw cos=co
cre=cr cze=cs dan=da div=dv dut=nl dzo=dz eng=en epo=eo est=et ewe=ee fao=fo fij=fj fin=fi fre=fr fry=fy ful=ff
geo=ka ger=de gla=gd gle=ga glg=gl glv=gv gre=el grn=gn guj=gu hat=ht hau=ha heb=he her=hz hin=hi hmo=ho hrv=hr
hun=hu ibo=ig ice=is ido=io iii=ii iku=iu ile=ie ina=ia ind=id ipk=ik ita=it jav=jv jpn=ja kal=kl kan=kn kas=ks
kau=kr kaz=kk khm=km kik=ki kin=rw kir=ky kom=kv kon=kg kor=ko kua=kj kur=ku lao=lo lat=la lav=lv lim=li lin=ln
lit=lt ltz=lb lub=lu lug=lg mac=mk mah=mh mal=ml mao=mi mar=mr may=ms mlg=mg mlt=mt mon=mn nau=na nav=nv nbl=nr
nde=nd ndo=ng nep=ne nno=nn nob=nb nor=no nya=ny oci=oc oji=oj ori=or orm=om oss=os pan=pa per=fa pli=pi pol=pl
por=pt pus=ps que=qu roh=rm rum=ro run=rn rus=ru sag=sg san=sa sin=si slo=sk slv=sl sme=se smo=sm sna=sn snd=sd
som=so sot=st spa=es srd=sc srp=sr ssw=ss sun=su swa=sw swe=sv tah=ty tam=ta tat=tt tel=te tgk=tg tgl=tl tha=th
tib=bo tir=ti ton=to tsn=tn tso=ts tuk=tk tur=tr twi=tw uig=ug ukr=uk urd=ur uzb=uz ven=ve vie=vi vol=vo wel=cy
wln=wa wol=wo xho=xh yid=yi yor=yo zha=za zul=zu
"""
_THREE_LETTERS = """
ace ach ada ady afa afh ain akk ale alg alt ang anp apa arc arn arp art arw ast ath aus awa bad bai bal ban bas
bat bej bem ber bho bih bik bin bla bnt bra btk bua bug byn cad cai car cau ceb cel chb chg chk chm chn cho chp
chr chy cmc cnr cop cpe cpf cpp crh crp csb cus dak dar day del den dgr din doi dra dsb dua dum dyu efi egy eka
elx enm ewo fan fat fil fiu fon frm fro frr frs fur gaa gay gba gem gez gil gmh goh gon gor got grb grc gsw gwi
hai haw hil him hit hmn hsb hup iba ijo ilo inc ine inh ira iro jbo jpr jrb kaa kab kac kam kar kaw kbd kha khi
kho kmb kok kos kpe krc krl kro kru kum kut lad lah lam lez lol loz lua lui lun luo lus mad mag mai mak man map
mas mdf mdr men mga mic min mis mkh mnc mni mno moh mos mul mun mus mwl mwr myn myv nah nai nap nds new nia nic
niu nog non nqo nso nub nwc nym nyn nyo nzi osa ota oto paa pag pal pam pap pau peo phi phn pon pra pro raj rap
rar roa rom rup sad sah sai sal sam sas sat scn sco sel sem sga sgn shn sid sio sit sla sma smi smj smn sms snk
sog son srn srr ssa suk sus sux syc syr tai tem ter tet tig tiv tkl tlh tli tmh tog tpi tsi tum tup tut tvl tyv
udm uga umb und vai vot wak wal war was wen xal yao yap ypk zap zbl zen zgh znd zun zxx zza
"""

LANGUAGE_TAGS: dict[str, str] = {
    **dict(pair.split("=", 1) for pair in _TWO_LETTERS.split()),
    **{code: code for code in _THREE_LETTERS.split()},
}
"""Every valid code and its BCP 47 language subtag: the ISO 639-1 code where there is one, else the code itself."""

REPLACED: dict[str, str] = {
    # Codes that MARC has withdrawn, and the T codes of ISO 639-2 where B and T differ.
    "ajm": "aym", "cam": "khm", "esk": "ypk", "esp": "epo", "eth": "gez", "far": "fao", "fri": "fry", "gae": "gla",
    "gag": "glg",
    "gal": "orm", "gua": "grn", "int": "ina", "iri": "gle", "kus": "kos", "lan": "oci", "lap": "smi", "max": "glv",
    "mla": "mlg",
    "mol": "rum", "sao": "smo", "scc": "srp", "scr": "hrv", "sho": "sna", "snh": "sin", "sso": "sot", "swz": "ssw",
    "tag": "tgl",
    "taj": "tgk", "tar": "tat", "tru": "chk", "tsw": "tsn",
    "sqi": "alb", "hye": "arm", "eus": "baq", "mya": "bur", "zho": "chi", "ces": "cze", "nld": "dut", "fra": "fre",
    "kat": "geo",
    "deu": "ger", "ell": "gre", "isl": "ice", "mkd": "mac", "mri": "mao", "msa": "may", "fas": "per", "ron": "rum",
    "slk": "slo",
    "bod": "tib", "cym": "wel",
}  # fmt: skip

COLLECTIVE_NAMES: dict[str, tuple[str, str, str]] = {
    # Names in simplified Chinese, traditional Chinese and English of codes that the Unicode locale data leave out.
    "afa": ("亚非语系其他语言", "亞非語系其他語言", "Afroasiatic languages"),
    "alg": ("阿尔冈昆语族", "阿爾岡昆語族", "Algonquian languages"),
    "apa": ("阿帕切语支", "阿帕契語支", "Apache languages"),
    "art": ("人造语言", "人造語言", "Artificial languages"),
    "ath": ("阿萨巴斯卡语族", "阿薩巴斯卡語族", "Athapascan languages"),
    "aus": ("澳大利亚语言", "澳洲語言", "Australian languages"),
    "bad": ("班达语支", "班達語支", "Banda languages"),
    "bai": ("巴米累克语支", "巴米累克語支", "Bamileke languages"),
    "bat": ("波罗的语族其他语言", "波羅的語族其他語言", "Baltic languages"),
    "ber": ("柏柏尔语族其他语言", "柏柏爾語族其他語言", "Berber languages"),
    "bih": ("比哈尔语支", "比哈爾語支", "Bihari languages"),
    "bnt": ("班图语支其他语言", "班圖語支其他語言", "Bantu languages"),
    "btk": ("巴塔克语支", "巴塔克語支", "Batak languages"),
    "cai": ("中美洲印第安语言", "中美洲印第安語言", "Central American Indian languages"),
    "cau": ("高加索语系其他语言", "高加索語系其他語言", "Caucasian languages"),
    "cel": ("凯尔特语族其他语言", "凱爾特語族其他語言", "Celtic languages"),
    "cmc": ("占语支", "占語支", "Chamic languages"),
    "cnr": ("黑山语", "蒙特內哥羅語", "Montenegrin"),
    "cpe": ("英语系克里奥尔语", "英語系克里奧爾語", "English-based creoles and pidgins"),
    "cpf": ("法语系克里奥尔语", "法語系克里奧爾語", "French-based creoles and pidgins"),
    "cpp": ("葡萄牙语系克里奥尔语", "葡萄牙語系克里奧爾語", "Portuguese-based creoles and pidgins"),
    "crp": ("其他克里奥尔语和皮钦语", "其他克里奧爾語和皮欽語", "Creoles and pidgins"),
    "cus": ("库希特语族其他语言", "庫希特語族其他語言", "Cushitic languages"),
    "day": ("达雅克语支", "達雅克語支", "Land Dayak languages"),
    "dra": ("达罗毗荼语系其他语言", "達羅毗荼語系其他語言", "Dravidian languages"),
    "fiu": ("芬兰－乌戈尔语族其他语言", "芬蘭－烏戈爾語族其他語言", "Finno-Ugrian languages"),
    "gem": ("日耳曼语族其他语言", "日耳曼語族其他語言", "Germanic languages"),
    "him": ("西帕哈里语支", "西帕哈里語支", "Western Pahari languages"),
    "ijo": ("伊乔语支", "伊喬語支", "Ijo languages"),
    "inc": ("印度－雅利安语支其他语言", "印度－雅利安語支其他語言", "Indic languages"),
    "ine": ("印欧语系其他语言", "印歐語系其他語言", "Indo-European languages"),
    "ira": ("伊朗语支其他语言", "伊朗語支其他語言", "Iranian languages"),
    "iro": ("易洛魁语系其他语言", "易洛魁語系其他語言", "Iroquoian languages"),
    "kar": ("克伦语支", "克倫語支", "Karen languages"),
    "khi": ("科伊桑语系其他语言", "科伊桑語系其他語言", "Khoisan languages"),
    "kro": ("克鲁语支", "克魯語支", "Kru languages"),
    "map": ("南岛语系其他语言", "南島語系其他語言", "Austronesian languages"),
    "mis": ("其他语言", "其他語言", "Miscellaneous languages"),
    "mkh": ("孟高棉语族其他语言", "孟高棉語族其他語言", "Mon-Khmer languages"),
    "mno": ("马诺博语支", "馬諾博語支", "Manobo languages"),
    "mun": ("蒙达语族其他语言", "蒙達語族其他語言", "Munda languages"),
    "myn": ("玛雅语系", "馬雅語系", "Mayan languages"),
    "nah": ("纳瓦特尔语", "納瓦特爾語", "Nahuatl"),
    "nai": ("北美印第安语言", "北美印第安語言", "North American Indian languages"),
    "nic": ("尼日尔－科尔多凡语系其他语言", "尼日－科爾多凡語系其他語言", "Niger-Kordofanian languages"),
    "nub": ("努比亚语支", "努比亞語支", "Nubian languages"),
    "oto": ("奥托米语支", "奧托米語支", "Otomian languages"),
    "paa": ("巴布亚语言", "巴布亞語言", "Papuan languages"),
    "phi": ("菲律宾语言", "菲律賓語言", "Philippine languages"),
    "pra": ("普拉克里特诸语言", "普拉克里特諸語言", "Prakrit languages"),
    "roa": ("罗曼语族其他语言", "羅曼語族其他語言", "Romance languages"),
    "sai": ("南美印第安语言", "南美印第安語言", "South American Indian languages"),
    "sal": ("萨利什语系", "薩利什語系", "Salishan languages"),
    "sem": ("闪语族其他语言", "閃語族其他語言", "Semitic languages"),
    "sgn": ("手语", "手語", "Sign languages"),
    "sio": ("苏语系", "蘇語系", "Siouan languages"),
    "sit": ("汉藏语系其他语言", "漢藏語系其他語言", "Sino-Tibetan languages"),
    "sla": ("斯拉夫语族其他语言", "斯拉夫語族其他語言", "Slavic languages"),
    "smi": ("萨米语支其他语言", "薩米語支其他語言", "Sami languages"),
    "son": ("桑海语", "桑海語", "Songhai languages"),
    "ssa": ("尼罗－撒哈拉语系其他语言", "尼羅－撒哈拉語系其他語言", "Nilo-Saharan languages"),
    "tai": ("侗台语族其他语言", "侗台語族其他語言", "Tai languages"),
    "tup": ("图皮语系", "圖皮語系", "Tupi languages"),
    "tut": ("阿尔泰语系其他语言", "阿爾泰語系其他語言", "Altaic languages"),
    "wak": ("瓦卡什语系", "瓦卡什語系", "Wakashan languages"),
    "wen": ("索布语", "索布語", "Sorbian languages"),
    "ypk": ("尤皮克语支", "尤皮克語支", "Yupik languages"),
    "znd": ("赞德语支", "贊德語支", "Zande languages"),
}

OWN_CALENDARS = frozenset(
    ("amh", "ara", "aze", "bal", "ben", "guj", "heb", "hin", "kan", "kas", "kur", "lad", "mal", "mar", "nep", "ori",
    "ota", "pan",
     "per", "pus", "san", "snd", "tam", "tel", "tha", "tir", "uig", "urd", "yid", "jrb", "new", "mai"),
)  # fmt: skip
"""Languages whose books carry years of another calendar (Hijri, Persian, Hebrew, Indian, Thai, Ethiopian)."""

NOT_IN_LATIN = frozenset(
    ("abk", "amh", "ara", "arc", "arm", "asm", "ava", "bak", "bel", "ben", "bho", "bul", "bur", "che", "chi", "chu",
    "chv", "cop",
     "div", "dzo", "geo", "gez", "grc", "gre", "guj", "heb", "hin", "jpn", "jrb", "kan", "kas", "kaz", "khm", "kir",
     "kok", "kor",
     "lao", "mac", "mai", "mal", "mar", "mni", "mon", "nep", "new", "ori", "oss", "ota", "pan", "per", "pra", "pus",
     "raj", "rus",
     "san", "sin", "snd", "srp", "syr", "tam", "tat", "tel", "tgk", "tha", "tib", "tir", "uig", "ukr", "urd", "yid"),
)  # fmt: skip
"""Languages usually written in another script than Latin: their text in Latin letters is a romanisation."""
