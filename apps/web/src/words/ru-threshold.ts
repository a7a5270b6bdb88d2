// The messages before the desk in Russian: setting up, unlocking, and codes for a camera.

import type { enThreshold } from './en-threshold.ts';

export const ruThreshold: Readonly<Record<keyof typeof enThreshold, string>> = {
  'setUp.title': 'Настройка вашего стола',
  'setUp.explain':
    'Этот компьютер станет столом одного участника. Ключи создаются здесь и никогда его не покидают.',
  'setUp.party': 'Сторона (делегация), как её увидит другая сторона',
  'setUp.member': 'Кто работает за этим компьютером',
  'setUp.device': 'Имя этого компьютера (можно не писать)',
  'setUp.deviceDefault': 'первое устройство',
  'setUp.passphrase': 'Парольная фраза хранилища',
  'setUp.advice': 'Четыре слова, никак с вами не связанные, лучше одного со знаками.',
  'setUp.again': 'Ещё раз то же',
  'setUp.differs': 'Они не совпадают.',
  'setUp.strength': 'Стойкость',
  'strength.0': 'угадают сразу',
  'strength.1': 'очень слабая',
  'strength.2': 'слабая',
  'strength.3': 'хорошая',
  'strength.4': 'стойкая',
  'setUp.recovery': 'Сбросить её не может никто.',
  'setUp.recoveryMeaning':
    'Только она открывает то, что на этом компьютере. Если пропадёт она или компьютер, другой ответственный вашей стороны допустит вас с нового устройства, и другая сторона это увидит. Запишите её и храните отдельно от компьютера.',
  'setUp.act': 'Настроить стол',
  'unlock.title': 'Открыть ваш стол',
  'unlock.explain': 'Хранилище на этом компьютере заперто.',
  'unlock.act': 'Открыть',
  'invitation.code': 'Или пусть считают этот код с вашего экрана:',
  'invitation.codeLabel': 'Приглашение в виде QR-кода',
  'scan.camera': 'Считать камерой',
  'scan.picture': 'Прочитать с картинки',
  'scan.nothing': 'На этой картинке код не читается.',
  'scan.noCamera': 'Здесь нет камеры, или браузер её не даёт.',
};
