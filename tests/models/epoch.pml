/* Epochs and commits: three members and a relay that may put any envelope at any place, and show each member another log.
 *
 * An epoch is named by the commit that made it, so that two members in one epoch have followed the same commits. A member
 * prepares a commit or a message, STORES it with the key it has used up, and only then sends it; it may die at any point
 * and comes back with what it stored. It takes an envelope only if that was made in its epoch for the place it stands at.
 *
 * -DHONEST   one log with compare-and-append
 * -DPLANTED  the member sends before it stores: the claim on keys must fail
 */
#ifndef MADE
#define MADE 4
#endif
#define MEMBERS 3
#define PLACES 4
#define NONE 15

/* envelopes */
byte madeIn[MADE];       /* epoch */
byte madeFor[MADE];      /* place */
byte madeBy[MADE];
byte madeKey[MADE];      /* the sender's key number in that epoch */
bool isCommit[MADE];
byte takesOut[MADE];     /* a member, or NONE */
byte made = 0;

/* members, living; `kept` is what is on the disk */
byte epoch[MEMBERS];     /* 0 is the first; commit c makes epoch c + 1 */
byte place[MEMBERS];
byte key[MEMBERS];
byte pending[MEMBERS];
bool out[MEMBERS];
byte keptKey[MEMBERS];
byte keptPending[MEMBERS];
/* for the claims: who was in each epoch; set when the commit is made */
byte present[MADE + 1];
#ifdef HONEST
byte log[PLACES];
byte logged = 0;
#endif

byte m, c, t;

inline prepare(by, commit, who) {
  madeIn[made] = epoch[by];
  madeFor[made] = place[by];
  madeBy[made] = by;
  madeKey[made] = key[by];
  isCommit[made] = commit;
  takesOut[made] = who;
  if
  :: who != NONE -> present[made + 1] = present[epoch[by]] & (7 - (1 << who))
  :: else -> present[made + 1] = present[epoch[by]]
  fi;
  /* Claim 1: no key seals two envelopes. */
  c = 0;
  do
  :: c < made ->
     assert(madeBy[c] != by || madeIn[c] != epoch[by] || madeKey[c] != key[by]);
     c++
  :: else -> break
  od;
  c = 0;
  pending[by] = made;
  key[by]++;
#ifndef PLANTED
  keptKey[by] = key[by];
  keptPending[by] = pending[by];
#endif
  made++
}

/* Takes what the relay shows at the next place. */
inline take(by, it) {
  if
  :: madeIn[it] == epoch[by] && madeFor[it] == place[by] ->
     /* Claim 2: whoever reads an envelope is one its author meant to read it. */
     assert((present[epoch[by]] >> by) & 1);
     assert(present[epoch[by]] == present[madeIn[it]]);
     if
     :: isCommit[it] && takesOut[it] == by -> out[by] = true
     :: isCommit[it] && takesOut[it] != by -> epoch[by] = it + 1; key[by] = 0
     :: else
     fi
  :: else                                /* unreadable or misplaced: it uses up the place, and is named */
  fi;
  pending[by] = NONE;
  place[by]++;
  keptKey[by] = key[by];
  keptPending[by] = NONE;
  /* Claim 3: a member that was taken out is in no later epoch. */
  assert(out[by] || ((present[epoch[by]] >> by) & 1))
}

init {
  present[0] = 7;
  pending[0] = NONE; pending[1] = NONE; pending[2] = NONE;
  keptPending[0] = NONE; keptPending[1] = NONE; keptPending[2] = NONE;
  do
  :: atomic {                            /* a member speaks, renews its keys, or takes another out */
       made < MADE ->
       select(m : 0 .. MEMBERS - 1);
       if
       :: !out[m] && pending[m] == NONE && place[m] < PLACES ->
          if
          :: prepare(m, false, NONE)
          :: prepare(m, true, NONE)
          :: select(t : 0 .. MEMBERS - 1);
             if
             :: t != m && ((present[epoch[m]] >> t) & 1) -> prepare(m, true, t)
             :: else
             fi;
             t = 0
          fi
       :: else
       fi;
       m = 0
     }
  :: atomic {                            /* a member dies and comes back with its disk */
       select(m : 0 .. MEMBERS - 1);
       key[m] = keptKey[m];
       pending[m] = keptPending[m];
       m = 0
     }
  :: atomic {                            /* the relay shows a member something at its next place */
       made > 0 ->
       select(m : 0 .. MEMBERS - 1);
       if
       :: !out[m] && place[m] < PLACES ->
#ifdef HONEST
          if
          :: place[m] < logged -> c = log[place[m]]; take(m, c); c = 0
          :: else
          fi
#else
          select(c : 0 .. made - 1);
          take(m, c);
          c = 0
#endif
       :: else
       fi;
       m = 0
     }
#ifdef HONEST
  :: atomic {                            /* a member sends, again and again, what is pending; the first at a place wins */
       select(m : 0 .. MEMBERS - 1);
       if
       :: pending[m] != NONE && logged < PLACES && madeFor[pending[m]] == logged ->
          log[logged] = pending[m];
          logged++
       :: else
       fi;
       m = 0;
       /* Claim 4: members that stand at one place of one log are in one epoch. */
       assert(out[0] || out[1] || place[0] != place[1] || epoch[0] == epoch[1]);
       assert(out[0] || out[2] || place[0] != place[2] || epoch[0] == epoch[2]);
       assert(out[1] || out[2] || place[1] != place[2] || epoch[1] == epoch[2])
     }
#endif
  od
}
