// Frames: how display-list values and remarks travel through the pipe. One type byte, four length bytes, a payload.

export const MAGIC = 'PARLEY-LIST-1\n';

export const FRAME = {
  glyph: 1,
  picture: 2,
  page: 3,
  remark: 4,
  progress: 5,
  text: 6,
  done: 7,
  refusal: 8,
  document: 9,
  part: 10,
  model: 11,
} as const;

export const FRAME_HEAD_BYTES = 5;
