// Reads a proof's QR code with the camera, where the browser can; the text field beside it always works.

const PREFIX = "SJ1:";
const PAUSE_MS = 200;

const area = document.getElementById("camera");
const view = document.getElementById("camera-view");
const start = document.getElementById("camera-start");
const says = document.getElementById("camera-says");
const form = document.getElementById("qr-form");
const text = document.getElementById("qr");

async function canRead() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return false;
  return (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code");
}

function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
  view.hidden = true;
}

async function read() {
  start.disabled = true;
  says.textContent = "";
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    view.srcObject = stream;
    view.hidden = false;
    await view.play();
    const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    const look = async () => {
      const codes = await detector.detect(view);
      const ours = codes.find((code) => code.rawValue.startsWith(PREFIX));
      if (!ours) return setTimeout(look, PAUSE_MS);
      stop(stream);
      text.value = ours.rawValue;
      form.requestSubmit();
    };
    await look();
  } catch {
    says.textContent = area.dataset.denied;
    start.disabled = false;
  }
}

if (area && (await canRead())) {
  area.hidden = false;
  start.addEventListener("click", read);
}
