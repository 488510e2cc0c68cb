"""Match views of real books, written by hand from bibliographic facts, for the tests of the matching rules."""

from __future__ import annotations

from hypothesis import strategies as st

from tongwen.standards.marc.types import Carrier, Format, Level, MatchView, Material

MING_1981 = MatchView(
    format=Format.CNMARC,
    control_number="012001000001",
    control_agency="CALIS",
    material=Material.TEXT,
    carrier=Carrier.PRINT,
    level=Level.MONOGRAPH,
    title="万历十五年",
    responsibility="(美)黄仁宇著",
    authors=("黄仁宇",),
    publishers=("中华书局",),
    places=("北京",),
    years=(1982,),
    extent="294页",
    languages=("chi",),
    book_numbers=("11018·1056",),
)

MING_IN_MARC21 = MatchView(
    format=Format.MARC21,
    control_number="82000001",
    control_agency="DLC",
    material=Material.TEXT,
    carrier=Carrier.PRINT,
    level=Level.MONOGRAPH,
    title="萬曆十五年",
    other_titles=("Wanli shi wu nian",),
    responsibility="黃仁宇著",
    authors=("黃仁宇", "Huang, Ray"),
    publishers=("中華書局",),
    places=("北京",),
    years=(1982,),
    extent="294 p.",
    languages=("chi",),
)

MING_ROMANIZED = MatchView(
    format=Format.MARC21,
    control_number="b1999",
    control_agency="NjP",
    material=Material.TEXT,
    carrier=Carrier.PRINT,
    level=Level.MONOGRAPH,
    title="Wanli shi wu nian",
    responsibility="Huang Renyu zhu",
    authors=("Huang, Ray",),
    publishers=("Zhonghua shu ju",),
    places=("Beijing",),
    years=(1982,),
    extent="294 p.",
    languages=("chi",),
)

DREAM_UPPER = MatchView(
    format=Format.CNMARC,
    material=Material.TEXT,
    carrier=Carrier.PRINT,
    level=Level.MONOGRAPH,
    title="红楼梦",
    parts=("上册",),
    responsibility="(清)曹雪芹,高鹗著",
    authors=("曹雪芹", "高鹗"),
    edition="第3版",
    publishers=("人民文学出版社",),
    places=("北京",),
    years=(2008,),
    extent="2册(1606页)",
    languages=("chi",),
    isbns=("9787020002207",),
)

LEIBNIZ = MatchView(
    format=Format.MARC21,
    control_number="00022680",
    control_agency="DLC",
    material=Material.TEXT,
    carrier=Carrier.PRINT,
    level=Level.MONOGRAPH,
    title="Leibniz in 90 minutes",
    responsibility="Paul Strathern",
    authors=("Strathern, Paul, 1940-",),
    publishers=("I.R. Dee",),
    places=("Chicago",),
    years=(2000,),
    extent="84 p.",
    languages=("eng",),
    isbns=("9781566633307", "9781566633314"),
    lccns=("00022680",),
)

TEXTS = st.sampled_from(
    ["", "上", "卷", "第二卷", "Vol. II", "红楼梦", "Hong lou meng", "C++", "\ud800", "1994", "'", "：", "(", "0" * 9]
)
VIEWS = st.builds(
    MatchView,
    format=st.sampled_from(Format),
    material=st.sampled_from(Material),
    carrier=st.sampled_from(Carrier),
    level=st.sampled_from(Level),
    title=TEXTS | st.text(max_size=12),
    subtitle=TEXTS,
    parts=st.tuples(TEXTS | st.text(max_size=6)) | st.just(()),
    other_titles=st.tuples(TEXTS) | st.just(()),
    responsibility=TEXTS,
    authors=st.tuples(TEXTS | st.text(max_size=6)) | st.just(()),
    edition=TEXTS | st.text(max_size=6),
    publishers=st.tuples(TEXTS) | st.just(()),
    years=st.tuples(st.integers(0, 9999)) | st.just(()),
    extent=TEXTS | st.text(max_size=8),
    languages=st.tuples(st.sampled_from(["chi", "eng", ""])) | st.just(()),
    isbns=st.tuples(st.sampled_from(["9787503726231", "9781566633307"])) | st.just(()),
)
