// The messages before the desk in Chinese: setting up, unlocking, and codes for a camera.

import type { enThreshold } from './en-threshold.ts';

export const zhThreshold: Readonly<Record<keyof typeof enThreshold, string>> = {
  'setUp.title': '设置您的工作台',
  'setUp.explain': '本机将成为一名成员的工作台。密钥在此生成，绝不离开。',
  'setUp.party': '一方（代表团），对方将看到的名称',
  'setUp.member': '使用本机的人',
  'setUp.device': '本机名称（可留空）',
  'setUp.deviceDefault': '第一台设备',
  'setUp.passphrase': '保险库密码短语',
  'setUp.advice': '四个与您无关的词，胜过一个带符号的词。',
  'setUp.again': '再输入一次',
  'setUp.differs': '两次输入不一致。',
  'setUp.strength': '强度',
  'strength.0': '立刻会被猜中',
  'strength.1': '很弱',
  'strength.2': '弱',
  'strength.3': '良好',
  'strength.4': '强',
  'setUp.recovery': '任何人都无法重置。',
  'setUp.recoveryMeaning':
    '只有它能打开本机上的内容。若遗失它或本机，贵方另一名负责人可让您用新设备重新加入，对方会看到此事。请写下来，与本机分开保存。',
  'setUp.act': '设置工作台',
  'unlock.title': '打开您的工作台',
  'unlock.explain': '本机的保险库已锁定。',
  'unlock.act': '打开',
  'invitation.code': '或让对方扫描您屏幕上的此码：',
  'invitation.codeLabel': '邀请的二维码',
  'scan.camera': '用摄像头扫描',
  'scan.picture': '从图片读取',
  'scan.nothing': '此图片中读不出码。',
  'scan.noCamera': '此处没有摄像头，或浏览器未开放。',
};
