// What entries, alarms, reports, forecasts and their pictures say in Arabic.

import type { SaidIn } from './said-tables.ts';

const COMPARE = 'لم يؤخذ منه شيء. قارن الجذور صوتيًا.';
const ANOTHER_WAY = 'اسألهم بطريق آخر وأخبر مسؤول الأمن لديك.';

export const arSaid: SaidIn = {
  entry: {
    'unknown-party': 'طرف غير معروف',
    'some-device': 'جهاز',
    'whose-device': '{party} ({member}، {label})',
    'device-of': '«{label}» لدى {member}',
    'device-id': '«{label}»',
    withheld: 'محجوب',
    found: 'أسَّس القناة «{name}»',
    'caucus-founded': 'فتح غرفة لطرف واحد «{name}»',
    'bilateral-founded': 'فتح غرفة لبعض الأطراف «{name}»',
    'caucus-founded-anew':
      'فتح من جديد بعد انقسام غرفة لطرف واحد «{name}» من المدخلات المشتركة ({size}) في السجل السابق',
    'bilateral-founded-anew':
      'فتح من جديد بعد انقسام غرفة لبعض الأطراف «{name}» من المدخلات المشتركة ({size}) في السجل السابق',
    'room-restarted':
      'أسَّس من جديد بعد انقسام القناة «{name}» من المدخلات المشتركة ({size}) في السجل السابق',
    'restart-accepted': 'قبل المتابعة من المدخلات المشتركة ({size}) في السجل السابق',
    'party-admitted': 'قبل {whose}',
    'device-admitted': 'أضاف الجهاز {whose}',
    'device-removed': 'أزال الجهاز {device}: {reason}',
    'admission-proposed': 'اقترح، أولًا من مسؤولَين، قبول {whose}',
    'member-renamed': 'غيّر اسم العضو {member} إلى {to}',
    'member-suspended': 'علّق العضو {member}: {reason}',
    'member-resumed': 'أعاد العضو {member}: {reason}',
    'party-policy': 'يطلب من مسؤوليه للقبول: {admission}، ولسلطة جديدة: {authority}',
    'authority-replaced': 'بدّل مفتاح سلطة طرفه: {reason}',
    'authority-agreed': 'وافق على تبديل مفتاح سلطة طرفه: {reason}',
    objection: 'يعترض على الجهاز {device}: {reason}',
    'recovery-shared': 'وزّع حصص سلطته: {shares}، ويستعيدها منها: {needed}',
    'recovery-asked': 'يطلب من مسؤوليه حصصهم من السلطة: {reason}',
    'recovery-given': 'سلّم حصته من السلطة إلى مسؤول آخر',
    'verify-offer': 'عرض مقارنة الكلمات مع {party}',
    'verify-answer': 'أجاب عرض مقارنة الكلمات',
    'verify-open': 'كشف الكلمات المقارَنة',
    'how-voice': 'صوتيًا',
    'how-in-person': 'وجهًا لوجه',
    'how-writing': 'كتابةً',
    verified: 'تحقَّق من {party} ({how})',
    mismatch: 'يقول إن المقارنة مع {party} ({how}) مختلفة',
    document: 'أرسل المستند «{name}»',
    'document-queued': 'يرسل المستند «{name}»',
    rebuilt: 'أعاد بناء مستند نسخةً آمنة (sha256 {sha256})',
    'not-rebuilt-safely': 'لم يستطع إعادة بناء مستند بأمان',
    'mail-directory': 'نشر دليل عناوينه البريدية الرسمية',
    'mail-attestation': 'صدّق بريدًا أرسله',
    'mail-day-key': 'أعطى مفتاح البريد المصدَّق ليوم',
    'mail-count': 'أغلق يومًا من بريده',
    forecast: 'شارك توقعات',
    'seen-up-to': 'رأى المدخلات قبل {upTo}',
    'opened-copy': 'فتح النسخة الآمنة لمستند',
    'off-record-proposed': 'اقترح حديثًا خارج المحضر',
    'off-record-agreed': 'وافق على حديث خارج المحضر: وقد جرى',
    'off-record-withdrawn': 'سحب اقتراحه حديثًا خارج المحضر',
    'off-record-left':
      'غادر الحديث خارج المحضر بعد {seconds, plural, zero {# ثانية} one {ثانية واحدة} two {ثانيتين} few {# ثوانٍ} many {# ثانية} other {# ثانية}}',
    'level-calm': 'هادئة',
    'level-elevated': 'مرتفعة',
    'level-severe': 'مشددة',
    'posture-raised': 'رفع وضعيته إلى {level}: {reason}',
    'lowering-proposed': 'اقترح خفض وضعيته إلى {level}: {reason}',
    'lowering-confirmed': 'أكّد خفض وضعيته إلى {level}: {reason}',
    'release-asked': 'يطلب من زميل الإفراج عن مستند',
    'release-given': 'أجاز الإفراج عن مستند',
    'original-is-asked': 'يطلب من مسؤول ثانٍ الموافقة على خروج أصل مستند من الحجر: {reason}',
    'original-is-approved': 'وافق، مسؤولًا ثانيًا، على خروج أصل من الحجر',
    'original-is-written': 'كتب أصلًا في ملف',
    'line-check': 'يفحص الخط؛ والجواب مطلوب قبل {ms, date, medium}، {ms, time, short}',
    'line-answer': 'أجاب فحصًا للخط',
    'unknown-kind': 'مدخل من النوع «{name}» لا تعرفه هذه النسخة',
    'doubt-other-file': 'المدخل {entry} عن ملف غير الذي أُرسل',
    'doubt-other-copy':
      'المدخل {entry} يسمي نسخة آمنة غير ما يسميه المدخل {first}، للملف نفسه بالقاعدة نفسها والمحرك نفسه: أحد المكتبين غُيِّر أو لا يقول الحقيقة',
  },
  alarm: {
    'alarm-misplaced': `نقل المرحِّل الظرف {seq} أو كرّره: صنعه صاحبه لمكان آخر. ${COMPARE}`,
    'alarm-withheld': `صُنع الظرف {seq} لمكان لاحق: المرحِّل يحجب شيئًا. ${COMPARE}`,
    'alarm-unreadable': `الظرف {seq} ليس من أحد في هذه القناة أو غُيِّر في الطريق. ${COMPARE}`,
    'alarm-malformed': `أرسل عضو الظرف {seq}، ولا يصنع أي Parley مثله. ${ANOTHER_WAY}`,
    'alarm-outside-profile': `يطلب الظرف {seq} تغييرًا للمفاتيح لا يصنعه أي Parley. لم يؤخذ. ${ANOTHER_WAY}`,
    'alarm-wrong-sender': `وقّع الظرف {seq} جهاز غير الذي أرسله. لم يؤخذ. ${ANOTHER_WAY}`,
    'alarm-not-allowed': `في الظرف {seq} مدخل تمنعه قواعد السجل. لم يؤخذ. ${ANOTHER_WAY}`,
    'alarm-not-on-record': `كان الظرف {seq} سيُدخل جهازًا أو يُخرجه ولا يذكره السجل. لم يؤخذ. ${ANOTHER_WAY}`,
    'alarm-stale': `صُنع الظرف {seq} على سجل أقدم مما لدى هذا المكتب. ${COMPARE}`,
    'alarm-talk-envelope': 'الظرف {seq} من الحديث غُيِّر في الطريق أو ليس من أحد فيه. لا يُعرض منه شيء.',
    'alarm-document-altered':
      'غُيِّر مستند المدخل {entry} بعد أن ختمه مرسله. يُطلب من جديد؛ أخبر مشغّل المرحِّل أو المرسل.',
    'alarm-wrong-document':
      'ما لدى المرحِّل للمدخل {entry} ليس المستند المعلن. لم يُفتح. اسأل المرسل بطريق آخر عما أرسل.',
    'alarm-document': 'لا يوثق بمستند المدخل {entry}، ولم يُفتح.',
    'alarm-call-by-a-stranger': `استعمل {party} / {member} دعوة إلى {room} وليس في القناة: لم يُدخَل. ${ANOTHER_WAY}`,
    'party-objection':
      'يعترض {party} ({member}) على الجهاز {label} لدى {whose}، {their} (المدخل {entry}): {reason}. اسأل الاثنين بطريق تثق به.',
    'party-objection-elsewhere':
      'يعترض {party} ({member}) على جهاز ليس هنا (المدخل {entry}): {reason}. اسألهم بطريق تثق به.',
    'party-authority-changed':
      'غيّر {party} ({member}) مفتاح سلطة طرفه (المدخل {entry}): {reason}. لا يُعد متحقَّقًا منه حتى تُقارن الكلمات من جديد.',
    'frozen-fork':
      'لها تاريخان: عُرض على أحد غير ما عُرض عليك. الدليل محفوظ. كلِّم الطرف الآخر بطريق آخر، ثم تابع مما لدى الاثنين: parley channel restart.',
    'frozen-mismatch':
      'اختلفت الكلمات المقارَنة: هناك من يقف بينكما. كلِّم الطرف الآخر وجهًا لوجه وأسِّس قناة جديدة.',
    'frozen-broken-commit':
      'تغيير للمفاتيح لا يفعل ما يقول. كلِّم الطرف الآخر بطريق آخر، ثم تابع مما لدى الاثنين: parley channel restart.',
    'frozen-removed': 'أُزيل هذا الجهاز منها. اطلب من مسؤول آخر في طرفك قبوله من جديد.',
    'frozen-lost-state':
      'الخزنة أقدم مما فعله هذا الجهاز: لا يُقال بها شيء. اطلب من مسؤول قبول جهاز جديد.',
  },
  note: {
    'was-locked': 'الأصل مشفَّر والنسخة ليست كذلك: احفظها كما كان ينبغي أن يُحفظ الأصل.',
    'hwp-changes':
      'في مستند HWP هذا تتبُّع للتغييرات. تُظهر النسخة الكلمات المدرجة والمحذوفة معًا؛ اطلب PDF نظيفًا.',
    'hwp-words-only':
      'في نسخة مستند HWP هذا كلماته لا تخطيطه؛ وصوره بجانبه. اطلب PDF حيث يهم التخطيط.',
    'hwpx-words-only':
      'في نسخة مستند HWPX هذا كلماته لا تخطيطه؛ وصوره بجانبه. اطلب PDF حيث يهم التخطيط.',
    'files-unopened': 'الملفات في داخله: {count}؛ ولم يُفتح منها لتجاوز الحد: {left}.',
    'sheet-left-out':
      'لم يدخل النسخة: صور {pictures}، رسوم بيانية {charts}، جداول محورية {pivots}. تُظهرها صفحات وضع النص والرسوم.',
    'drawn-anew':
      'كُتب من جديد: رسوم بيانية من قيمها {charts}، مربعات نص {boxes}، صور {pictures}؛ ومن رسوم الكائنات والمخططات ({drawings}) كلماتها.',
    'mail-versions-differ':
      'النسختان البسيطة والمنسقة من هذا البريد لا تقولان الشيء نفسه. في النسخة كلتاهما.',
    'mail-sender': 'من أرسل هذا البريد حقًا سؤال آخر: انظر مكان «البريد».',
    'sheets-unhidden':
      'الأوراق المخفية ظاهرة في النسخة لتبقى المجاميع صحيحة. وهي مذكورة في القائمة.',
    'format-changes': 'تغييرات تنسيق متتبَّعة لم تُحفظ تغييراتٍ: {count}. يظهر النص كما بعدها.',
    'page-unread': 'تعذّرت قراءة الصفحة {page} فهي فارغة في النسخة.',
    'letters-undrawn':
      'الصفحة {page}: حروف تعذّر رسمها لأن خطها ليس في المستند: {count}. يمكن تحديدها نصًا.',
    'letters-unmapped': 'أشكال لا تقول أي حرف هي: {count}. تُظهرها النسخة، لكنها ليست في طبقة النص.',
    'was-signed': 'على الأصل توقيع إلكتروني. لا تحمله نسخة أُعيد بناؤها: تحقق منه على الأصل مع المرسل.',
    'no-bubblewrap':
      'لا يمكن استعمال Bubblewrap على هذه الآلة، ففُتح المستند بنموذج أذونات Node وحده.',
    'report-cut': 'وُجد أكثر مما يسعه تقرير: تُظهر كل قائمة أول {count}.',
    'weaker-cage':
      'يكف ذلك محركًا أمينًا عن الملفات والبرامج، لكنه ليس قفصًا: محرك مستولى عليه قد يبلغ الشبكة. ثبّت bubblewrap.',
  },
  caution: {
    'stale-history':
      'التاريخ معروف حتى {day}، قبل يوم الإصدار بمدة {years, plural, zero {# سنة} one {سنة واحدة} two {سنتين} few {# سنوات} many {# سنة} other {# سنة}}: هذا لا يزيد كثيرًا على معدل أساسي قديم.',
    'few-incidents': 'الحوادث المؤرخة من هذا النوع: {count} فقط. الرقم آتٍ في معظمه من أزواج أخرى.',
    'several-receivers': 'سُئل عن عدة أهداف كأنها واحد.',
    'nothing-moves-it':
      'الاستفزازات والمناورات والعقوبات والقمم والانتخابات والأعياد لا تحرّك هذا الرقم: ليس لأي منها مهارة مقيسة.',
    'moved-by': 'حرّكه ما اجتاز الاختبار: {names}.',
  },
  figure: {
    'precision-day': 'يوم',
    'precision-month': 'شهر',
    'precision-year': 'سنة',
    'precision-range': 'مدة',
    'event-provocation': 'استفزاز',
    'event-test': 'تجربة',
    'event-exercise': 'مناورة',
    'event-sanction': 'عقوبة',
    'event-summit': 'قمة',
    'event-cancellation': 'إلغاء',
    'event-election': 'انتخابات',
    'event-holiday': 'عيد',
    'event-indictment': 'لائحة اتهام',
    'event-strike': 'ضربة',
    'event-agreement': 'اتفاق',
    'event-statement': 'بيان',
    'kind-disruption': 'تعطيل',
    'kind-destruction': 'تدمير',
    'kind-defacement': 'تشويه موقع',
    'kind-ransom': 'فدية',
    'kind-doxing': 'نشر المسروق',
    'kind-espionage': 'تجسس',
    'kind-theft': 'سرقة',
    'kind-hijacking': 'اختطاف',
    incident: 'حادث',
    'axis-days': 'أيام منذ الإصدار',
    'axis-probability': 'الاحتمال',
    'column-occurred': 'حدث',
    'column-disclosed': 'عُرف',
    'column-precision': 'الدقة',
    'column-who': 'من',
    'column-what': 'ماذا',
    'column-title': 'العنوان',
    'column-days': 'الأيام',
    'column-forecast': 'التوقع',
    'column-low': 'الأدنى',
    'column-high': 'الأعلى',
    'column-base': 'المعدل الأساسي',
    'nobody-named': 'لم يُسمَّ أحد',
    'unknown-actor': 'غير معروف',
    'and-others': '{who} وغيرها',
    'timeline-occurred': 'متى حدث',
    'timeline-disclosed': 'متى عُرف',
    'timeline-says':
      'كل شريط سجل واحد، عرضه بقدر الشك في تاريخه. الأحداث أعلى كل مسار والحوادث أسفله.',
    'horizon-says':
      'الخط هو التوقع بنطاقه الموثوق 90 ٪؛ والنطاق الرمادي هو المعدل الأساسي. حيث يتداخلان لا يقول التوقع أكثر من المعدل الأساسي إلا قليلًا.',
  },
};
