// STIX 2.1 as JSON that is carried whole: what we do not understand leaves as it came.

/** Any STIX object. Only what every object has is named; the rest stays as it was read. */
export type StixObject = { readonly type: string; readonly id: string } & {
  readonly [property: string]: unknown;
};

export type StixBundle = {
  readonly type: 'bundle';
  readonly id: string;
  readonly objects: readonly StixObject[];
} & { readonly [property: string]: unknown };

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
