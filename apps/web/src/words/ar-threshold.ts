// The messages before the desk in Arabic: setting up, unlocking, codes for a camera, and the tour.

import type { enThreshold } from './en-threshold.ts';

export const arThreshold: Readonly<Record<keyof typeof enThreshold, string>> = {
  'setUp.title': 'إعداد مكتبك',
  'setUp.explain': 'تصبح هذه الآلة مكتب عضو واحد. تُصنع المفاتيح هنا ولا تغادرها أبدًا.',
  'setUp.party': 'الطرف (الوفد) كما سيراه الجانب الآخر',
  'setUp.member': 'الشخص الذي يستعمل هذه الآلة',
  'setUp.device': 'اسم لهذه الآلة (يمكن تركه فارغًا)',
  'setUp.deviceDefault': 'الجهاز الأول',
  'setUp.passphrase': 'عبارة سر الخزنة',
  'setUp.advice': 'أربع كلمات لا يربطها أحد بك خير من كلمة فيها رموز.',
  'setUp.again': 'العبارة نفسها مرة أخرى',
  'setUp.differs': 'العبارتان غير متطابقتين.',
  'setUp.strength': 'القوة',
  'strength.0': 'تُخمَّن فورًا',
  'strength.1': 'ضعيفة جدًا',
  'strength.2': 'ضعيفة',
  'strength.3': 'جيدة',
  'strength.4': 'قوية',
  'setUp.recovery': 'لا أحد يستطيع إعادة ضبطها.',
  'setUp.recoveryMeaning':
    'هي وحدها تفتح ما على هذه الآلة. إن ضاعت أو ضاعت الآلة، يقبلك مسؤول من طرفك على جهاز جديد، ويرى الجانب الآخر ذلك. اكتبها واحفظها بعيدًا عن الآلة.',
  'setUp.act': 'أعِدَّ المكتب',
  'unlock.title': 'افتح مكتبك',
  'unlock.explain': 'الخزنة على هذه الآلة مقفلة.',
  'unlock.act': 'افتح',
  'invitation.code': 'أو دعهم يمسحون هذا الرمز من شاشتك:',
  'invitation.codeLabel': 'الدعوة على هيئة رمز QR',
  'scan.camera': 'امسح بالكاميرا',
  'scan.picture': 'اقرأ من صورة',
  'scan.nothing': 'لا يُقرأ أي رمز في هذه الصورة.',
  'scan.noCamera': 'لا توجد كاميرا هنا، أو أن المتصفح يغلقها.',
  'tour.title': 'جولة',
  'tour.step': '{step} من {steps}',
  'tour.on': 'تابع',
  'tour.back': 'رجوع',
  'tour.leave': 'اترك الجولة',
  'tour.start':
    'هذا مكتبك. يعمل على هذه الآلة وحدها؛ والمُرحِّل لا يرى إلا مظاريف مختومة. اسمك وطرفك في الأعلى.',
  'tour.channel': 'في هذا الجانب قنواتك وأماكنك. والعدد يقول ما الجديد.',
  'tour.document':
    'تُفكَّك مستندات الجانب الآخر وتُكتب من جديد قبل أن تستطيع فتحها. «النسخة الآمنة والتقرير» تُظهر ما أُزيل وما كان مخفيًا.',
  'tour.parties': 'في «الأطراف» تقارنون الكلمات بالهاتف، وترى كل جهاز وكل تغيير فيه.',
  'tour.posture': 'تقول «الوضعية» كم القناة صارمة الآن. ورفعها فعل مسؤول واحد.',
  'tour.mail': 'ألقِ رسالة مريبة في مكان «البريد»: يُحكم عليها بما قالته هنا الأطراف المتحقَّق منها.',
  'setUp.haveInvitation': 'دعاني طرفي',
  'setUp.invitation': 'دعوة طرفك',
  'setUp.asked': 'طلبتَ الدخول',
  'setUp.askedMeaning':
    'اقرأ هذا الرمز للمسؤول الذي دعاك: يجب أن يرى الرمز نفسه. وحين يُدخلك، افتح مكتبك.',
};
