"""The stories whose lives the suite follows: written for it, about places that do not exist."""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """A story as a desk writes it: paragraphs apart by an empty line."""

    language: str
    headline: str
    body: str

    def edited(self, *pairs: tuple[str, str]) -> Text:
        headline, body = self.headline, self.body
        for was, now in pairs:
            assert was in headline + body, f"{was!r} is not in {headline!r}"
            headline, body = headline.replace(was, now), body.replace(was, now)
        return Text(self.language, headline, body)

    def titled(self, headline: str) -> Text:
        return self._replace(headline=headline)

    def cut(self, paragraphs: int) -> Text:
        return self._replace(body="\n\n".join(self.body.split("\n\n")[:-paragraphs]))

    def only(self, *paragraphs: int) -> Text:
        listed = self.body.split("\n\n")
        return self._replace(body="\n\n".join(listed[at] for at in paragraphs))

    def flash(self) -> Text:
        return self._replace(body=self.headline)

    def more(self, paragraph: str) -> Text:
        return self._replace(body=f"{self.body}\n\n{paragraph}")


FERRY = Text(
    "en",
    "Ferry with 140 aboard runs aground off Sael",
    """A ferry with 140 people aboard ran aground on a sandbank off the island of Sael on Monday \
evening, and 12 passengers were hurt when it listed, the coast guard said.

Three tugs and a navy helicopter took the passengers off within four hours, in a swell of two metres and \
with visibility down to a few hundred yards. The captain, Ilan Torvik, told the harbour office that the \
steering had failed shortly after the ship left the eastern quay.

The ferry company suspended its night crossings and said that divers would look at the rudder as soon as \
the weather allowed. It carries some 900,000 people a year between the islands, most of them in the \
summer months.

The transport ministry sent two investigators to the island and asked witnesses to send in their \
pictures.""",
)

HURT = FERRY.edited(("12 passengers", "21 passengers"))

DAM = Text(
    "en",
    "Engineers drain reservoir after crack at Morva dam",
    """Engineers began to drain the reservoir above the town of Morva on Thursday after an inspection \
found a crack of 19 metres in the upper wall of its dam, the water board announced.

Some 2,300 residents of the lower valley were told to leave their houses until Sunday, and schools in 5 \
villages stayed closed. Buses took them to sports halls in the county town, where volunteers had set up \
beds and kitchens.

The board's chief engineer, Renata Kolm, said that the wall would hold, but that nobody wished to find \
out. The dam was built in 1961 and had last been examined from top to bottom eight years ago, when no \
damage was seen.

Farmers along the river were advised to move their cattle to higher pastures before the sluices opened.""",
)

BANK = Text(
    "en",
    "Central bank of Ostrava Vale lifts key rate to 6.5 percent",
    """The central bank of Ostrava Vale raised its key interest rate to 6.5 percent on Wednesday, the \
third increase this year, and said that it would go on until prices calmed down.

Governor Mira Halden told reporters that inflation had reached 9.1 percent in August, driven by rents \
and by the price of bread, and that wages were about to follow. She ruled out controls on the movement \
of capital.

Economists had expected a smaller step. Shares in the capital fell, those of builders and banks most of \
all, while the currency gained against its neighbours for the first time since spring.

The opposition called the decision a blow to families with loans and asked for a debate in parliament.""",
)

MUSEUM = Text(
    "en",
    "Thieves take 7 paintings from museum in Lindhaven",
    """Thieves broke into the municipal museum of Lindhaven in the night to Friday and carried off 7 \
paintings of the harbour school, which the police valued at 3 million crowns.

The burglars climbed over the roof of a neighbouring bakery, opened a skylight and lowered themselves on \
ropes, Inspector Tomas Arild said. The alarm was silent because its line had been cut at the street \
corner.

The museum's director, Agda Renn, spoke of the darkest day in the history of the house. Among the stolen \
works is a winter view that had come back from a restorer only last week after five years of patient \
cleaning.

Border posts and auction houses were warned, and a reward was offered for hints that lead to the \
pictures.""",
)

STRIKE = Text(
    "en",
    "Train drivers of Varn walk out for 48 hours",
    """Train drivers all over Varn stopped work for 48 hours on Tuesday in a dispute over night shifts, \
and left commuters in the four largest cities to look for buses, bicycles and lifts.

The union said that 8,600 of its members had followed the call. The railway put the figure far lower and \
promised to run every third long-distance train according to a timetable that it printed in the morning \
papers.

Union leader Petra Solheim said that drivers had been promised two free weekends a month since the \
winter and had seen none. The company's answer was that it could not find enough recruits for the depots \
in the north.

Talks with a mediator are to begin again on Thursday in the labour ministry, behind closed doors.""",
)

VACCINE = Text(
    "en",
    "Trial of malaria vaccine halves cases in Kerund",
    """A new vaccine against malaria has halved the number of cases among small children in a trial in \
the highlands of Kerund, researchers report in a study that followed 4,800 families for two rainy \
seasons.

Children who were given three doses fell ill 51 percent less often than those who got none, and hardly \
any had to be taken to hospital. Side effects were mild fevers that passed within a day or two.

The head of the study, Professor Lene Abara, said that the vaccine kept for weeks without a \
refrigerator, which mattered more in the villages than a few points of effect. A larger trial in lowland \
districts is planned.

Health officials warned that nets and clean ponds would still be needed, whatever a syringe could do.""",
)

REPORT = Text(
    "en",
    "Auditors find 31 million missing in Tarn road fund",
    """Auditors have found that 31 million crowns are missing from the fund that pays for the roads of \
Tarn province, according to a report that was handed to the provincial assembly.

The money was booked as paid to four builders, two of which have no offices, no machines and no \
employees, the auditors write on 210 pages. Bridges for which bills exist were never begun, or end in \
the middle of a field.

The fund's treasurer, Oskar Brandt, has denied all wrongdoing and asked to be heard. The public \
prosecutor opened a file in the spring, after a bus driver had photographed the bridge that leads \
nowhere.

The assembly will debate the report next week, in the presence of the minister of finance.""",
)

TELESCOPE = Text(
    "en",
    "Astronomers see oldest galaxy with Sorna telescope",
    """Astronomers working with the new telescope on Mount Sorna have seen the light of a galaxy that \
shone when the universe was 280 million years old, earlier than any that was known before.

The galaxy is a thousand times lighter than ours and makes stars 20 times as fast, Doctor Yasna Miro and \
her colleagues write in the journal of the observatory. Its light is blue, which tells of stars without \
metals.

The team looked at one patch of sky, no larger than a grain of rice at arm's length, for eleven nights. \
Two other candidates in the same picture turned out to be dust in a cloud that lies much nearer to us.

The telescope went into service last year and is shared by nine countries on three continents.""",
)

PORT = Text(
    "ar",
    "افتتاح رصيف جديد في ميناء السروات بطاقة 400 ألف حاوية",
    """افتتح وزير النقل سالم الدوحان اليوم الأربعاء رصيفا جديدا في ميناء السروات تبلغ طاقته 400 ألف \
حاوية في السنة، وذلك بحضور عدد من المسؤولين وممثلي شركات الملاحة العاملة في المنطقة.

وقال الوزير في كلمته إن المشروع استغرق ثلاث سنوات وبلغت كلفته 750 مليون ريال، وإنه سيوفر نحو ألفي فرصة \
عمل لأبناء المحافظة في مجالات التشغيل والصيانة والخدمات المساندة.

وأوضح مدير الميناء المهندس ناصر العتيق أن الرصيف مجهز برافعات حديثة تعمل بالكهرباء، وأن أول سفينة سترسو \
فيه مطلع الأسبوع المقبل قادمة من شرق آسيا وعلى متنها معدات لمحطة التحلية.

وتجول الحضور بعد الحفل في ساحات التخزين واطلعوا على غرفة المراقبة التي تدير حركة السفن على مدار الساعة.""",
)

FLOOD = Text(
    "ar",
    "سيول تودي بحياة 9 أشخاص في وادي المرجان",
    """لقي 9 أشخاص مصرعهم وأصيب عشرات آخرون عندما جرفت السيول قرى صغيرة في وادي المرجان فجر اليوم السبت \
بعد أمطار غزيرة استمرت طوال الليل، بحسب ما أعلنت إدارة الدفاع المدني.

وقال المتحدث باسم الإدارة العقيد فهد البارقي إن فرق الإنقاذ أخرجت 63 عائلة من منازلها بالقوارب \
والمروحيات، وإن البحث ما زال جاريا عن راع فقد مع قطيعه في أعلى الوادي.

وأغلقت السلطات الطريق الساحلي وعلقت الدراسة في جميع مدارس المنطقة حتى إشعار آخر، وناشدت السكان الابتعاد \
عن مجاري الأودية والجسور المنخفضة.

وتوقعت الأرصاد الجوية استمرار هطول الأمطار يومين آخرين مع رياح نشطة على المرتفعات الجنوبية.""",
)

CLUB = Text(
    "ar",
    "نادي النخيل يتعاقد مع المدرب هوغو ماران لموسمين",
    """أعلن نادي النخيل لكرة القدم مساء الأحد تعاقده مع المدرب هوغو ماران لموسمين خلفا للمدرب السابق \
الذي أقيل بعد خمس هزائم متتالية في الدوري المحلي.

وقال رئيس النادي ماجد الشهواني في مؤتمر صحافي إن قيمة العقد تبلغ 2 مليون دولار في الموسم، وإن الجهاز \
الفني الجديد سيضم أربعة مساعدين ومحللا للأداء.

ويحتل الفريق المركز 14 في الترتيب برصيد 18 نقطة قبل عشر جولات من النهاية، ويواجه خطر الهبوط إلى الدرجة \
الأولى للمرة الأولى منذ تأسيسه.

ومن المقرر أن يقود المدرب أول تدريب له صباح الثلاثاء قبل مباراة الكأس المقررة مساء الخميس على ملعب \
المدينة.""",
)

LIBRARY = Text(
    "ar",
    "العثور على مخطوطة نادرة في مكتبة الزيتونة القديمة",
    """عثر باحثون في مكتبة الزيتونة القديمة على مخطوطة نادرة في علم الفلك يعود تاريخها إلى القرن الثاني \
عشر، كانت مطوية داخل غلاف كتاب آخر في الفقه، وفق ما أعلنه مدير المكتبة.

وأوضح المدير الدكتور حسان الرافعي أن المخطوطة تقع في 84 ورقة وتضم جداول لحركة الكواكب ورسوما دقيقة لآلات \
الرصد، وأن خطها مغربي واضح لم ينل منه الزمن.

وبدأ فريق من المرممين العمل على تنظيف الأوراق وتصويرها بالأشعة، ومن المنتظر أن تعرض في معرض خاص يستمر \
شهرين ابتداء من الربيع المقبل.

وقالت الباحثة ليلى السنوسي إن الاكتشاف يفتح بابا جديدا لفهم انتقال المعرفة بين مدن المتوسط.""",
)

POWER = Text(
    "ar",
    "انقطاع الكهرباء عن نصف مدينة الجليلة بعد حريق في محطة",
    """انقطع التيار الكهربائي عن نصف مدينة الجليلة مساء أمس بعد حريق اندلع في محطة التحويل الرئيسية، ما \
أدى إلى توقف المترو وإشارات المرور ساعات عدة.

وذكرت شركة الكهرباء أن الحريق بدأ في محول قديم كان مقررا استبداله هذا العام، وأن 320 ألف مشترك تأثروا \
بالانقطاع، بينهم مستشفيان اعتمدا على المولدات الاحتياطية.

وقال مدير الشركة عادل المهيري إن التيار عاد تدريجا إلى معظم الأحياء بحلول 3 فجرا، وإن لجنة فنية ستعلن \
نتائج التحقيق خلال أسبوع.

وطالب أعضاء في المجلس البلدي بمحاسبة المسؤولين عن تأخر صيانة الشبكة وبخطة واضحة قبل حلول الصيف.""",
)

AWARD = Text(
    "ar",
    "منح جائزة الواحة للرواية إلى الكاتبة نوال الخضراوي",
    """منحت لجنة جائزة الواحة للرواية العربية جائزتها هذا العام إلى الكاتبة نوال الخضراوي عن روايتها بيت \
من ملح، التي تحكي سيرة أسرة من صيادي اللؤلؤ على مدى ثلاثة أجيال.

وقالت اللجنة في بيانها إنها نظرت في 117 رواية من 16 بلدا، وإن العمل الفائز يجمع بين دقة التوثيق وشعرية \
السرد من دون تكلف.

وتبلغ قيمة الجائزة 60 ألف دولار، إضافة إلى ترجمة الرواية إلى لغتين. وكانت الكاتبة قد بدأت حياتها معلمة \
للتاريخ في مدرسة على الساحل قبل أن تتفرغ للكتابة.

ويقام حفل التكريم في العاصمة مطلع الشهر المقبل بحضور الناشرين والنقاد وأعضاء اللجان السابقة.""",
)

BUDGET = Text(
    "ar",
    "الحكومة تقر موازنة بعجز قدره 45 مليارا للعام المقبل",
    """أقرت الحكومة في جلسة استثنائية مشروع موازنة العام المقبل بعجز قدره 45 مليارا، ورفعت الإنفاق على \
الصحة والتعليم والطرق في الأقاليم البعيدة عن العاصمة.

وقال وزير المالية راشد الكواري إن الإيرادات ستبلغ 310 مليارات، معظمها من الضرائب والرسوم، وإن الدين \
العام سيبقى تحت السقف الذي حدده البرلمان في الربيع.

وتتضمن الموازنة زيادة في رواتب المعلمين والممرضين قدرها 8 في المئة، ووقف التعيين في الوزارات التي لا \
تقدم خدمات مباشرة للمواطنين.

ويحال المشروع إلى البرلمان الأسبوع المقبل، وتعهدت كتل المعارضة مناقشته بندا بندا قبل التصويت.""",
)

RAIL = Text(
    "ar",
    "تدشين قطار سريع يربط مدينتي الشارحة والمنارة",
    """دشن رئيس الهيئة العامة للسكك الحديد صباح الخميس قطارا سريعا يربط مدينتي الشارحة والمنارة في 75 \
دقيقة، بعد أن كانت الرحلة بالحافلة تستغرق أكثر من خمس ساعات.

وقال رئيس الهيئة المهندس طارق الغيلاني إن الخط يمتد 280 كيلومترا ويمر بسبع محطات، وإن سعر التذكرة سيظل \
مخفضا طوال الأشهر الستة الأولى لتشجيع المسافرين.

وشارك في بناء الخط 4 آلاف عامل ومهندس، وحفرت من أجله ثلاثة أنفاق في الجبال الفاصلة بين المدينتين، أطولها \
يبلغ تسعة كيلومترات.

وتخطط الهيئة لمد الخط حتى الحدود الشمالية في مرحلة ثانية تبدأ دراستها العام المقبل.""",
)
