// Whether a message names a member: an @ before the name as the record has it, in any case, and no letter right beside it.

const plain = (text: string): string => text.normalize('NFKC').toLocaleLowerCase();

export function namesMember(text: string, member: string): boolean {
  const said = plain(text);
  const name = `@${plain(member)}`;
  for (let at = said.indexOf(name); at >= 0; at = said.indexOf(name, at + 1)) {
    const before = said.slice(0, at);
    const after = said.slice(at + name.length);
    // A letter before the sign makes it an address, one after the name another name.
    if (!/[\p{L}\p{M}\p{N}]$/u.test(before) && !/^[\p{L}\p{M}\p{N}]/u.test(after)) return true;
  }
  return false;
}
