// mailauth's judges, loaded when the first mail is judged: they take longer to load than most commands take to run.

export async function dkimJudge() {
  return (await import('mailauth/lib/dkim/verify.js')).dkimVerify;
}

export async function dmarcJudge() {
  return (await import('mailauth/lib/dmarc/index.js')).dmarc;
}

export async function arcJudge() {
  return (await import('mailauth/lib/arc/index.js')).arc;
}

export async function spfJudge() {
  return (await import('mailauth/lib/spf/index.js')).spf;
}
