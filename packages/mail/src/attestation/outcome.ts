// What a party's attestations say of one mail.

export type Difference = {
  /** Which piece: "subject", "text part 1", "file offer.pdf". */
  readonly what: string;
  readonly detail: string;
};

export type AttestationOutcome =
  /** The mail is one the party attested; `how` says by which piece, `added` what a list put in on the way. */
  | {
      readonly kind: 'proven';
      readonly how: 'whole' | 'body' | 'parts';
      readonly added: readonly string[];
      readonly throughList: boolean;
    }
  /** The party attested a mail of this id or date, and this one differs from it. */
  | { readonly kind: 'altered'; readonly differences: readonly Difference[] }
  /** The party sealed the day and this mail is not among those it sent. */
  | { readonly kind: 'denied'; readonly day: string; readonly count: number }
  /** Nothing is attested, and the day is not sealed: that proves nothing. */
  | { readonly kind: 'unknown' };
