// Why a document was refused, where a rule of a mail comes from, and the outlook's own words, in Arabic.

import type { enReasons } from './en-reasons.ts';

export const arReasons: Readonly<Record<keyof typeof enReasons, string>> = {
  'alarm.party': 'فعل طرف شيئًا يجب أن تعرفه.',
  'doubt.title': 'نسختان آمنتان لا تصحّان معًا:',
  'frozen.meaning': 'لا يمكن قول شيء فيها بعد الآن.',
  'reason.empty': 'إنه فارغ. اطلب من المرسل إعادة إرساله.',
  'reason.encrypted': 'إنه مشفَّر. اطلب نسخة بلا كلمة مرور.',
  'reason.wrong-password': 'كلمة المرور لا تفتحه. اطلبها من المرسل ثانية صوتيًا.',
  'reason.broken': 'إنه تالف. اطلب تصديره من جديد، والأفضل PDF.',
  'reason.unsupported':
    'هذا النوع لا يُعاد بناؤه. اطلب PDF أو DOCX أو XLSX أو PPTX أو صورة أو نصًا بسيطًا.',
  'reason.too-large': 'إنه أكبر مما تسمح به القاعدة. اطلب تقسيمه.',
  'reason.too-many-pages': 'صفحاته أكثر مما تسمح به القاعدة. اطلب الجزء المهم.',
  'reason.page-too-large': 'صفحة أكبر مما تسمح به القاعدة. اطلب قياس ورق عاديًا.',
  'reason.too-many-pixels': 'في صورة نقاط أكثر مما تسمح به القاعدة. اطلب أصغر منها.',
  'reason.too-many-parts': 'فيه ملفات أكثر مما تسمح به القاعدة. اطلبها واحدًا واحدًا.',
  'reason.too-deep': 'أرشيفات أو رسائل متداخلة أعمق مما يُسمح. اطلب الملفات الداخلية.',
  'reason.not-reached': 'نفد الوقت أو المكان قبله. اطلب هذا الملف وحده.',
  'reason.compression-bomb':
    'يتمدد إلى أكثر بكثير من حجمه: قنبلة ضغط. لا تفتح الأصل؛ أخبر مسؤول الأمن لديك.',
  'reason.output-too-large': 'ستكون النسخة الآمنة أكبر مما تسمح به القاعدة. اطلب تقسيمه.',
  'reason.timeout': 'استغرقت إعادة البناء وقتًا طويلًا. اطلب تصديرًا أبسط؛ قد يكون هجومًا.',
  'reason.memory': 'احتاجت إعادة البناء ذاكرة كثيرة. اطلب تصديرًا أبسط؛ قد يكون هجومًا.',
  'reason.cage-missing': 'تطلب القاعدة bubblewrap وهو لا يعمل على هذه الآلة. ثبّته.',
  'reason.cage-broken':
    'أجاب القارئ المحبوس بما لا يجوز فأُهمل عمله. لا تفتح الأصل؛ أخبر مسؤول الأمن لديك.',
  'reason.cancelled': 'أُلغي العمل. ابدأه من جديد.',
  'found.formula': 'صيغة ليست حسابًا بسيطًا (بقيت قيمتها)',
  'found.defined-name': 'اسم لخلايا',
  'outlook.between': '{who} ضد {whom}',
  'outlook.interval': '{p} (من {low} إلى {high})،',
  'outlook.fromTo': 'من {from} إلى {to}',
  'outlook.holidays': 'هجمات موقوتة حول الأعياد: البيانات لا تؤيد هذا القول.',
  'chance.almost-no-chance': 'يكاد يكون مستحيلًا',
  'chance.very-unlikely': 'مستبعد جدًا',
  'chance.unlikely': 'مستبعد',
  'chance.roughly-even-chance': 'متساوٍ تقريبًا',
  'chance.likely': 'مرجَّح',
  'chance.very-likely': 'مرجَّح جدًا',
  'chance.almost-certain': 'يكاد يكون مؤكدًا',
  'source.D5': 'انتحال بالاسم الظاهر كما في قواعد البريد العامة',
  'source.D8': 'صورة المرسل في هذا الصندوق',
  'source.D11': 'مقارنة نص الرابط وهدفه',
  'source.D15': 'دليل الطرف الموقَّع',
  'source.D16': 'تصديقات الطرف وأختام أيامه في القناة',
};
