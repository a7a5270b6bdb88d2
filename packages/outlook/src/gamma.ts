// The gamma distribution: what the rates of the forecast are believed to be. Numerical Recipes' series and fraction.

import { assert } from '@parley/kernel';

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

function logGamma(x: number): number {
  let sum = 0.9999999999998099;
  LANCZOS.forEach((coefficient, i) => {
    sum += coefficient / (x + i);
  });
  const t = x + LANCZOS.length - 1.5;
  return 0.9189385332046728 + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** P(X <= x) for X ~ Gamma(shape, rate 1). Relative error about 1e-12. */
export function gammaCdf(shape: number, x: number): number {
  assert(shape > 0, 'the shape of a gamma distribution is positive');
  if (x <= 0) return 0;
  const front = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  if (x < shape + 1) {
    let term = 1 / shape;
    let sum = term;
    for (let n = 1; n < 2000 && term > sum * 1e-15; n++) {
      term *= x / (shape + n);
      sum += term;
    }
    return Math.min(1, front * sum);
  }
  let b = x + 1 - shape;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 2000; i++) {
    const an = -i * (i - shape);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return 1 - front * h;
}

/** The x below which a share `p` of Gamma(shape, rate) lies, by bisection to 1e-12 of the scale. */
export function gammaQuantile(shape: number, rate: number, p: number): number {
  assert(p > 0 && p < 1, 'a quantile is asked between 0 and 1');
  let low = 0;
  let high = shape + 10 * Math.sqrt(shape) + 10;
  while (gammaCdf(shape, high) < p) high *= 2;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (gammaCdf(shape, middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2 / rate;
}
