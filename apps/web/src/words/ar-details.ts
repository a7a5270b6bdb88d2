// What a finding's detail says in Arabic.

import type { DetailsIn } from './said-tables.ts';

export const arDetails: DetailsIn = {
  'bytes-before':
    '{count, plural, zero {لا بايت} one {بايت واحد} two {بايتان} few {# بايتات} many {# بايتًا} other {# بايت}} قبل المستند',
  'bytes-after-document':
    '{count, plural, zero {لا بايت} one {بايت واحد} two {بايتان} few {# بايتات} many {# بايتًا} other {# بايت}} بعد المستند',
  'bytes-after-picture':
    '{count, plural, zero {لا بايت} one {بايت واحد} two {بايتان} few {# بايتات} many {# بايتًا} other {# بايت}} بعد الصورة',
  'document-type': 'تعريف لنوع المستند',
  'document-type-in': 'تعريف لنوع المستند في {part}',
  'document-type-entities': 'تعريف لنوع المستند فيه كيانات',
  'file-in-text': 'ملف مُدرَج في النص',
  'earlier-version': 'نسخة سابقة: {name}',
  'path-outside': 'مسار يخرج من الأرشيف: {path}',
  'a-picture': 'صورة',
  'picture-unread': 'تعذّرت قراءة الصورة {number}',
  'frames-left-out':
    '{count, plural, zero {لا إطارات} one {إطار واحد} two {إطاران} few {# إطارات} many {# إطارًا} other {# إطار}}؛ أُبقي الأول',
  'more-formulas':
    'الورقة {sheet}: {count, plural, zero {لا صيغ أخرى} one {صيغة أخرى} two {صيغتان أخريان} few {# صيغ أخرى} many {# صيغة أخرى} other {# صيغة أخرى}}',
  'sheet-hidden': 'الورقة {sheet}',
  'sheet-very-hidden': 'الورقة {sheet}، ولا تعرضها أي قائمة',
  'a-hidden-column': 'عمود مخفي',
  'format-program': 'برنامج',
  'format-text': 'نص بسيط',
  'format-csv': 'جدول في هيئة نص',
  'format-mail': 'رسالة بريد إلكتروني',
  'meta-title': 'العنوان: {text}',
  'meta-author': 'المؤلف: {text}',
  'meta-last-author': 'آخر من حفظه: {text}',
  'meta-subject': 'الموضوع: {text}',
  'meta-description': 'الوصف: {text}',
  'meta-keywords': 'الكلمات الدالة: {text}',
  'meta-company': 'الجهة: {text}',
  'meta-manager': 'المسؤول: {text}',
  'meta-template': 'القالب: {text}',
  'meta-program': 'صُنع ببرنامج: {text}',
  'tag-comment': 'تعليق',
  'tag-description': 'وصف',
  'tag-make': 'صانع الجهاز',
  'tag-model': 'طراز الجهاز',
  'tag-program': 'البرنامج',
  'tag-date': 'التاريخ',
  'tag-author': 'المؤلف',
  'tag-copyright': 'إشارة إلى حقوق النشر',
  'tag-place': 'المكان ({format})',
};
