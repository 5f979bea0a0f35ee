// Short tones: rising for done, falling for refused, a call for "not known yet". A browser lets a page sound after a first
// touch only, unless it was started with --autoplay-policy=no-user-gesture-required.

let audio = null;
function ready() {
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
  return audio;
}
// Later, since it takes long enough to hold up a scanner's keys.
for (const event of ["pointerdown", "keydown"]) window.addEventListener(event, () => setTimeout(ready, 500), { once: true, capture: true });

const TUNES = {
  done: [[660, 0, 0.12], [990, 0.13, 0.22]],
  bad: [[330, 0, 0.18], [220, 0.2, 0.4]],
  unknown: [[520, 0, 0.15], [390, 0.18, 0.15], [520, 0.36, 0.15]],
  seen: [[880, 0, 0.06]],
};
export function play(name) {
  const context = ready();
  for (const [frequency, at, length] of TUNES[name]) {
    const tone = context.createOscillator(), volume = context.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.3, context.currentTime + at);
    volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + at + length);
    tone.connect(volume).connect(context.destination);
    tone.start(context.currentTime + at);
    tone.stop(context.currentTime + at + length);
  }
}
