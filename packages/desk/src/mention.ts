// Whether a message names a member: an @ before the name as the record has it, in any case, and no letter right behind it.

const plain = (text: string): string => text.normalize('NFKC').toLocaleLowerCase();

export function namesMember(text: string, member: string): boolean {
  const said = plain(text);
  const name = `@${plain(member)}`;
  for (let at = said.indexOf(name); at >= 0; at = said.indexOf(name, at + 1))
    if (!/^[\p{L}\p{M}\p{N}]/u.test(said.slice(at + name.length))) return true;
  return false;
}
