// The messages of talks off the record in Arabic.

import type { enOffRecord } from './en-off-record.ts';

export const arOffRecord: Readonly<Record<keyof typeof enOffRecord, string>> = {
  'off.title': 'خارج المحضر',
  'off.promise':
    'لا يبقى دليل موقَّع على ما يقال هنا. لكنه ليس قابلًا للإنكار: من يسمعه يستطيع أن يكتبه أو يصوره أو يرويه.',
  'off.endsWith':
    'ينتهي الحديث عندك إذا غادرت هذه الغرفة أو أغلقت هذه النافذة أو توقف برنامجك. ولا يُحفظ منه شيء.',
  'off.start': 'تحدث خارج المحضر',
  'off.join': 'انضم إلى الحديث خارج المحضر',
  'off.proposes': 'اقتراح حديث خارج المحضر في {time}.',
  'off.logged': 'إذا وافق الطرفان يذكر السجل أنه جرى وكم دام',
  'off.waiting': 'أنت هناك. لا يسمعك بعد أحد أثبت هويته.',
  'off.here': 'يسمعك الآن:',
  'off.saidToBe': 'يقال إنه هنا ولم يثبت ذلك:',
  'off.lineDown': 'لا يمكن الوصول إلى المرحِّل. ما تقوله ينتظر.',
  'off.lines': 'ما يقال خارج المحضر',
  'off.mark': 'خارج المحضر',
  'off.line': 'قل خارج المحضر',
  'off.say': 'قلها',
  'off.leave': 'غادر الحديث',
  'off.noDocuments': 'نص فقط: تُرسل المستندات في المحضر.',
  'off.noComposer': 'ما دمت تتحدث خارج المحضر فلا يُكتب شيء في المحضر من هذه الغرفة.',
  'off.ended': 'انتهى الحديث خارج المحضر.',
  'off.end.left': 'لقد غادرته.',
  'off.end.over': 'غادر الآخرون.',
  'off.end.idle': 'لم يقل أحد شيئًا منذ مدة.',
  'off.end.frozen': 'الغرفة مجمدة أو يجب التحقق من طرف فيها من جديد.',
  'off.end.forked': 'عرض المرحِّل عليك وعلى غيرك حديثين مختلفين. لم يوقع أحد شيئًا فلا دليل على ذلك.',
  'off.end.relay': 'لم يعد المرحِّل ينقله.',
  'off.end.lost': 'توقف برنامجك أو لا يجيب. ضاع ما قيل.',
  'off.lasted': 'دام {seconds} ثانية.',
  'off.published': 'نُشر مفتاح توقيعك المؤقت: يستطيع كل من كان هناك أن يوقع مثلك.',
  'off.notPublished': 'تعذر نشر مفتاح توقيعك المؤقت وقد نُسي.',
  'off.unpublished': 'لم ينشر المفتاح:',
  'off.onRecord': 'يذكر السجل أنه جرى ولا يذكر شيئًا مما قيل.',
  'off.notOnRecord': 'لا يذكر السجل أنه جرى.',
  'off.close': 'أزل هذه الملاحظة',
  'off.refused.nobody-there': 'لا يسمعك بعد أحد أثبت هويته. لم يُقل شيء.',
  'off.refused.nobody-else': 'لا أحد غيرك في هذه الغرفة. ادعهم أولًا.',
  'off.refused.audience-changed':
    'جاء أحد أو ذهب بينما كنت تكتب. لم يُقل شيء: انظر من هنا ثم قلها من جديد.',
  'off.refused.talk-is-over': 'انتهى الحديث. لم يُقل شيء.',
  'off.refused.already-talking': 'هذا المكتب في حديث هنا بالفعل.',
};
