// The messages of daily work in Arabic: originals, naming somebody, pins, time zones, a client that was started anew.

import type { enDaily } from './en-daily.ts';

export const arDaily: Readonly<Record<keyof typeof enDaily, string>> = {
  'original.title': 'الأصل',
  'original.explain':
    'يبقى الأصل مختومًا في الحجر. ويُخرجه مسؤولان من طرفك في ملف، ولا يصل أبدًا إلى هذه الصفحة.',
  'original.warning':
    'قد يسلّم فتحُه جهازك وكل ما يصل إليه إلى من صنع الملف. لا تفتحه إلا على جهاز غير موصول بشيء ويُمحى بعد ذلك.',
  'original.ask': 'اطلب الأصل',
  'original.requests': 'الأصول المطلوبة',
  'original.by': 'طلبه',
  'original.about': 'القيد {entry}:',
  'original.unknown': 'ليس لدى هذا المكتب الوثيقة المقصودة.',
  'original.asked': 'ينتظر مسؤولًا ثانيًا',
  'original.approved': 'موافَق عليه',
  'original.expired': 'الموافقة قديمة',
  'original.written': 'كُتب',
  'original.approve': 'وافق على خروجه من الحجر',
  'original.folder': 'مجلد على هذا الجهاز، ويفضَّل على وسيط تحمله إلى جهاز آخر',
  'original.write': 'اكتب الأصل هناك',
  'original.done': 'الأصل في هذا الملف. واسمه يمنع البرامج من فتحه:',
  'mention.title': 'اذكر أحدًا',
  'mention.you': 'يذكرك',
  'mention.count':
    '{count, plural, zero {لا شيء يذكرك} one {واحد يذكرك} two {اثنان يذكرانك} few {# تذكرك} many {# تذكرك} other {# تذكرك}}',
  'pin.add': 'ثبّت القيد {entry}',
  'pin.remove': 'ألغِ تثبيت القيد {entry}',
  'pin.title': 'مثبَّت على هذا المكتب',
  'room.since': 'جديد منذ آخر اطلاع لك',
  'time.sender': '{time} لدى المرسل ({zone})',
  'live.anew':
    'شُغِّل عميلك من جديد. أعطِ رابطه الجديد هنا، أو في شريط العنوان لهذه النافذة: يبقى كل شيء في مكانه.',
  'live.link': 'الرابط الجديد',
  'live.enter': 'تابع هنا',
  'live.notLink':
    'ليس هذا رابط هذا العميل. إن كان فيه منفذ آخر فافتحه في نافذة جديدة؛ والمسودات هناك أيضًا.',
  'waiting.mention':
    '{count, plural, zero {لا رسائل تذكرك} one {رسالة تذكرك} two {رسالتان تذكرانك} few {# رسائل تذكرك} many {# رسالة تذكرك} other {# رسالة تذكرك}}',
  'waiting.original-asked': 'يُطلب أصلٌ من قِبل',
  'waiting.original-approved': 'يمكن الآن كتابة أصلٍ وافق عليه',
  'kind.original-asked': 'طُلب الأصل',
  'kind.original-approved': 'ووفق على الأصل',
  'kind.original-written': 'كُتب الأصل',
  'refusal.words': 'بكلمات المكتب (بالإنجليزية)',
  'scan.paste': 'يمكن أيضًا لصق صورة الرمز أو إفلاتها هنا.',
};
