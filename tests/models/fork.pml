/* Fork detection: three members and a relay that shows to each any entry, in any order, as often as it likes, or never.
 *
 * A record is a list of entries, and a root is modelled as the whole list: hashes are taken not to collide. An entry
 * carries what its author had seen: how many, and their root. A receiver takes an entry only on top of exactly that
 * record; it stops where it holds as many and they are others; it leaves the rest, which may only be late or early.
 *
 * -DHONEST   the relay keeps one log with compare-and-append, and shows it in its order
 * -DPLANTED  the receiver compares sizes and forgets the roots: the claims must fail
 */
#ifndef SIZE
#define SIZE 3
#endif
#ifndef MADE
#define MADE 5
#endif
#define MEMBERS 3

typedef List { byte at[SIZE] };
List record[MEMBERS];
byte size[MEMBERS];
bool stopped[MEMBERS];

List seen[MADE];       /* by entry: the record its author had */
byte seenSize[MADE];
byte made = 0;
bool forked = false;   /* two members hold different entries at one place */
#ifdef HONEST
byte log[SIZE];        /* entry at each place */
byte logged = 0;
#endif

byte k, m, e;
bool equal;

inline compare(who, entry) {
  equal = true;
  k = 0;
  do
  :: k < seenSize[entry] ->
     if
     :: record[who].at[k] != seen[entry].at[k] -> equal = false
     :: else
     fi;
     k++
  :: else -> break
  od
}

inline noteForks() {
  k = 0;
  do
  :: k < SIZE ->
     if
     :: size[0] > k && size[1] > k && record[0].at[k] != record[1].at[k] -> forked = true
     :: size[0] > k && size[2] > k && record[0].at[k] != record[2].at[k] -> forked = true
     :: size[1] > k && size[2] > k && record[1].at[k] != record[2].at[k] -> forked = true
     :: else
     fi;
     k++
  :: else -> break
  od;
  k = 0
}

inline deliver(to, entry) {
  if
  :: stopped[to] || seenSize[entry] > size[to] -> skip      /* too early: nothing to compare with yet */
  :: else ->
     compare(to, entry);
#ifdef PLANTED
     if
     :: seenSize[entry] == size[to] && size[to] < SIZE -> record[to].at[size[to]] = entry; size[to]++
     :: else
     fi;
#else
     if
     :: !equal -> stopped[to] = true
     :: equal && seenSize[entry] == size[to] && size[to] < SIZE ->
        record[to].at[size[to]] = entry;
        size[to]++
     :: else                                                /* late */
     fi;
#endif
     /* Claim 1: who is shown an entry of another history, and can know it, stops at that entry. */
     assert(equal || stopped[to]);
     /* Claim 2: nobody stops without two histories. */
     assert(!stopped[to] || forked);
     noteForks()
  fi;
  /* Claim 3: every entry of a record stands on exactly what its author had seen. */
  e = 0;
  do
  :: e < size[to] ->
     assert(seenSize[record[to].at[e]] == e);
     k = 0;
     do
     :: k < e -> assert(seen[record[to].at[e]].at[k] == record[to].at[k]); k++
     :: else -> break
     od;
     e++
  :: else -> break
  od;
  e = 0; k = 0; equal = false
}

inline speak(by) {
  seenSize[made] = size[by];
  k = 0;
  do
  :: k < size[by] -> seen[made].at[k] = record[by].at[k]; k++
  :: else -> break
  od;
  k = 0;
  made++
}

active proctype world() {
  do
  :: atomic {
       made < MADE ->
       select(m : 0 .. MEMBERS - 1);
       if
       :: !stopped[m] && size[m] < SIZE ->
          speak(m);
#ifdef HONEST
          if
          :: seenSize[made - 1] == logged && logged < SIZE -> log[logged] = made - 1; logged++
          :: else                                            /* conflict: it is not stored, and nobody is shown it */
          fi
#endif
       :: else
       fi;
       m = 0
     }
  :: atomic {
       made > 0 ->
       select(m : 0 .. MEMBERS - 1);
#ifdef HONEST
       if
       :: size[m] < logged -> deliver(m, log[size[m]])
       :: else
       fi;
       assert(!stopped[m] && !forked);
#else
       select(e : 0 .. made - 1);
       deliver(m, e);
#endif
       m = 0; e = 0
     }
  od
}
