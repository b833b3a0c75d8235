// The page around the answers: photos, the camera, the list of withdrawals, what is shown and said.
// Everything happens on this device: no request ever leaves the page.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const told = JSON.parse($("donnees").textContent);
  const { Refusal, check, day, french, readList, sentence } = answers;
  const LARGEST_SIDE = 4096, CAMERA_EVERY = 150;
  let list = told.withdrawn;

  const DRAWINGS = { valid: "M4 12.5l5.5 5.5L20 6.5", invalid: "M5 5l14 14M19 5L5 19",
    indeterminate: "M8 8.5a4 4 0 1 1 6 3.5c-1.4.9-2 1.7-2 3M12 19.5v.1" };

  function element(name, text, className = "") {
    const made = document.createElement(name);
    made.textContent = text;
    made.className = className;
    return made;
  }

  function show(answer) {
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawing.setAttribute("viewBox", "0 0 24 24");
    drawing.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", DRAWINGS[answer.verdict]);
    drawing.append(path);
    $("verdict").replaceChildren(drawing, element("span", french(told.titles[answer.title])));
    $("raisons").replaceChildren(...answer.reasons.map((reason) => element("p", reason)));
    const genuine = answer.verdict === "valid" || answer.title === "withdrawn";
    $("legende").textContent = genuine ? "Ce que le parchemin doit porter" : "Ce que le code prétend";
    const { award } = answer;
    const rows = [["Titulaire", award.holder, "holder"], ["Certification", award.title],
      ["Numéro", award.number], ["Certificateur", award.certifier],
      ["Décision du jury", day(award.decided)], ["Délivré le", day(award.delivered)]];
    $("mentions").className = genuine ? "" : "claimed";
    $("mentions").replaceChildren(...rows.map(([label, value, className]) => {
      const row = document.createElement("div");
      row.append(element("dt", label), element("dd", value, className));
      return row;
    }));
    const now = new Date(), two = (n) => String(n).padStart(2, "0");
    const local = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
    $("moment").textContent = french(`Vérifié le ${day(local)} à ${now.getHours()} h ` +
      `${two(now.getMinutes())}, sur cet appareil. Clé ${answer.key}.`);
    $("reponse").dataset.verdict = answer.verdict;
    $("reponse").hidden = false;
    tell("");
    $("reponse").focus({ preventScroll: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    $("reponse").scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
  }

  const HINT = $("aide").textContent;
  function tell(words) {
    $("aide").textContent = words ? french(words) : HINT;
    $("aide").classList.toggle("told", Boolean(words));
    if (words) $("aide").setAttribute("role", "alert");
    else $("aide").removeAttribute("role");
    if (words) $("reponse").hidden = true;
  }

  async function answerFor(text, besides = []) {
    if (!crypto.subtle) {
      tell("Ce navigateur ne sait pas vérifier une signature ici. Ouvrez la page dans une version " +
        "récente de Firefox, Chrome, Edge ou Safari.");
      return;
    }
    try {
      const answer = await check(text, list);
      show({ ...answer, reasons: [...besides, ...answer.reasons] });
    } catch (error) {
      tell(error instanceof Refusal ? error.message : sentence("damaged"));
    }
  }

  // --- pictures ----------------------------------------------------------------------------

  let reader;
  async function decoder() {
    const packed = Uint8Array.from(atob($("lecteur").textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const wasmBinary = await new Response(stream).arrayBuffer();
    await ZXingWASM.prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
    $("lecteur").remove();
  }

  async function read(picture) {
    await (reader ??= decoder());
    const found = await ZXingWASM.readBarcodes(picture, { formats: ["QRCode"], tryHarder: true,
      maxNumberOfSymbols: 8 });
    return [...new Set(found.filter((one) => one.isValid).map((one) => one.text))];
  }

  function drawn(source, wide, high) {
    const scale = Math.min(1, LARGEST_SIDE / Math.max(wide, high));
    const canvas = new OffscreenCanvas(Math.round(wide * scale), Math.round(high * scale));
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    return context.getImageData(0, 0, canvas.width, canvas.height);
  }

  // A blurred code often reads once sharpened: three times the picture less twice its blur.
  function sharpened({ data, width, height }) {
    const grey = new Float32Array(width * height);
    for (let i = 0; i < grey.length; i++)
      grey[i] = (data[4 * i] * 77 + data[4 * i + 1] * 151 + data[4 * i + 2] * 28) / 256;
    const across = blurred(grey, width, height, 1, width), both = blurred(across, height, width, width, 1);
    const out = new ImageData(width, height);
    for (let i = 0; i < grey.length; i++) {
      const value = 3 * grey[i] - 2 * both[i];
      out.data[4 * i] = out.data[4 * i + 1] = out.data[4 * i + 2] = value;
      out.data[4 * i + 3] = 255;
    }
    return out;
  }

  // A bell of five (1 4 6 4 1) twice along lines of `length` values `step` apart.
  function blurred(values, length, lines, step, next) {
    let from = values;
    for (let pass = 0; pass < 2; pass++) {
      const to = new Float32Array(from.length);
      for (let line = 0; line < lines; line++) {
        for (let k = 0, at = line * next; k < length; k++, at += step) {
          const a = from[k > 1 ? at - 2 * step : line * next], b = from[k > 0 ? at - step : at];
          const end = line * next + (length - 1) * step;
          const d = from[k < length - 1 ? at + step : at], e = from[k < length - 2 ? at + 2 * step : end];
          to[at] = (a + 4 * b + 6 * from[at] + 4 * d + e) / 16;
        }
      }
      from = to;
    }
    return from;
  }

  async function open(file) {
    stopCamera();
    tell("");
    $("aide").textContent = french("Lecture en cours…");
    try {
      const start = new Uint8Array(await file.slice(0, 1024).arrayBuffer());
      if (String.fromCharCode(...start).includes("%PDF-")) return await openPdf(file);
      const bitmap = await createImageBitmap(file);
      const picture = drawn(bitmap, bitmap.width, bitmap.height);
      let texts = await read(picture);
      if (!texts.length) texts = await read(sharpened(picture));
      bitmap.close();
      await choose(texts, "Aucun code n’a été trouvé dans cette image. Reprenez-la de plus près, " +
        "bien à plat et nette.");
    } catch {
      tell("Cette image n’a pas pu être lue. Essayez une autre photo, en JPEG ou en PNG.");
    }
  }

  // The PDF of a parchemin holds its code as an attached file, in clear.
  async function openPdf(file) {
    const plain = new TextDecoder("latin1").decode(await file.arrayBuffer());
    await choose([...new Set(plain.match(/PCM1:[A-Z2-7]{100,414}/g) ?? [])], "Ce PDF ne porte pas " +
      "de code lisible ici. Faites-en une capture d’écran, et choisissez-la.", [sentence("code_only")]);
  }

  async function choose(texts, otherwise, besides) {
    const ours = texts.filter((text) => text.startsWith("PCM"));
    if (ours.length > 1) tell("Plusieurs parchemins dans cette image : présentez-les un à un.");
    else if (texts.length) await answerFor(ours[0] ?? texts[0], besides);
    else tell(otherwise);
  }

  // --- the camera --------------------------------------------------------------------------

  let stream;
  async function startCamera() {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: false,
        video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } } });
    } catch {
      tell("La caméra n’est pas disponible, ou son usage a été refusé. Choisissez une photo.");
      return;
    }
    const video = $("image");
    tell("");
    video.srcObject = stream;
    video.hidden = $("arreter").hidden = false;
    $("moyens").hidden = true;
    $("arreter").focus();
    await video.play();
    look(stream);
  }

  async function look(current) {
    const video = $("image");
    while (stream === current) {
      const texts = video.videoWidth
        ? await read(drawn(video, video.videoWidth, video.videoHeight)) : [];
      const ours = texts.filter((text) => text.startsWith("PCM"));
      if (ours.length === 1 && stream === current) {
        stopCamera();
        await answerFor(ours[0]);
        return;
      }
      await new Promise((resume) => setTimeout(resume, CAMERA_EVERY));
    }
  }

  function stopCamera() {
    if (!stream) return;
    for (const track of stream.getTracks()) track.stop();
    stream = undefined;
    $("image").srcObject = null;
    $("image").hidden = $("arreter").hidden = true;
    $("moyens").hidden = false;
  }

  // --- the page ----------------------------------------------------------------------------

  async function tellWithdrawals() {
    let words = "Cette page n’a pas de liste des retraits : elle ne dit rien de ce qui a pu être " +
      "retiré depuis l’émission.";
    try {
      if (list) words = `Les retraits sont ceux de la liste signée, arrêtée au ` +
        `${day((await readList(list)).day)}. Ce qui a été retiré depuis n’y est pas.`;
    } catch (refusal) {
      words = refusal.message;
    }
    $("retraits").replaceChildren(element("strong", "Retraits."), ` ${french(words)}`);
  }

  async function newerList(file) {
    const text = await file.text();
    try {
      const given = await readList(text);
      const known = list ? await readList(list).catch(() => null) : null;
      if (known && Date.parse(known.at) > Date.parse(given.at))
        return $("retraits").append(french(" La liste donnée est plus ancienne : elle est laissée."));
      list = text;
      $("reponse").hidden = true;
      await tellWithdrawals();
    } catch (refusal) {
      $("retraits").append(` ${refusal.message}`);
    }
    return undefined;
  }

  $("photo").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    if (file) await open(file);
    target.value = "";
  });
  $("liste").addEventListener("change", ({ target }) => target.files[0] && newerList(target.files[0]));
  $("saisie").addEventListener("submit", (event) => {
    event.preventDefault();
    if ($("texte").value.trim()) answerFor($("texte").value);
  });
  $("camera").hidden = !navigator.mediaDevices?.getUserMedia;
  $("camera").addEventListener("click", startCamera);
  $("arreter").addEventListener("click", () => {
    stopCamera();
    $("camera").focus();
  });
  $("imprimer").addEventListener("click", () => print());
  for (const kind of ["dragover", "dragleave", "drop"]) {
    addEventListener(kind, (event) => {
      event.preventDefault();
      $("cadre").classList.toggle("over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files[0]) open(event.dataTransfer.files[0]);
    });
  }
  addEventListener("paste", (event) => {
    const file = [...event.clipboardData.files].find((one) => one.type.startsWith("image/"));
    if (file) open(file);
  });
  tellWithdrawals();
})();
