// The camera's pictures, in grey, to the till's program, which looks for a code in them; the page itself reads none.
import { sendFrame } from "./till.js";

const WIDTH = 640, HEIGHT = 480, PAUSE_MS = 100;

function greyOf(context, width, height) {
  const { data } = context.getImageData(0, 0, width, height);
  const grey = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < grey.length; i++, at += 4)
    grey[i] = (data[at] * 77 + data[at + 1] * 150 + data[at + 2] * 29) >> 8;
  return grey;
}

// Shows the camera in `video` and sends pictures until a code is found or stop() is called; fails as getUserMedia does.
export async function open(video, found) {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false, video: { width: { ideal: WIDTH }, height: { ideal: HEIGHT }, facingMode: "environment" },
  });
  let stopped = false;
  const stop = () => {
    stopped = true;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  video.srcObject = stream;
  await video.play();
  (async () => {
    const scale = Math.min(1, WIDTH / video.videoWidth, HEIGHT / video.videoHeight);
    const width = Math.floor(video.videoWidth * scale), height = Math.floor(video.videoHeight * scale);
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    while (!stopped) {
      context.drawImage(video, 0, 0, width, height);
      const has = await sendFrame(greyOf(context, width, height), width, height).catch(() => false);
      if (has && !stopped) {
        stop();
        found();
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();
  return stop;
}
