// dcmjs' dicomweb-client against a running server: what it finds, fetches and stores, told as JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [url, token, study, file] = process.argv.slice(2);
const require = createRequire(new URL('../../web/package.json', import.meta.url));

/** The client expects a browser's requests. */
class Request {
  upload = {};
  responseType = '';
  #headers = {};
  #method = 'GET';
  #url = '';

  open(method, url) {
    this.#method = method;
    this.#url = url;
  }

  setRequestHeader(name, value) {
    this.#headers[name] = value;
  }

  getResponseHeader(name) {
    return this.answer.headers.get(name);
  }

  getAllResponseHeaders() {
    return [...this.answer.headers].map(([name, value]) => `${name}: ${value}`).join('\r\n');
  }

  async send(body) {
    this.answer = await fetch(this.#url, { method: this.#method, headers: this.#headers, body });
    const bytes = await this.answer.arrayBuffer();
    const text = new TextDecoder().decode(bytes);
    this.status = this.answer.status;
    this.readyState = 4;
    this.responseText = text;
    this.response = this.responseType === 'arraybuffer' ? bytes : this.responseType === 'json' ? JSON.parse(text) : text;
    this.onreadystatechange?.();
  }
}
globalThis.XMLHttpRequest = Request;

const { DICOMwebClient } = require('dicomweb-client').api ?? require('dicomweb-client');
const headers = { Authorization: `Bearer ${token}` };
const client = new DICOMwebClient({ url: `${url}/dicom-web`, headers, singlepart: '' });
const found = await client.searchForStudies({ queryParams: { StudyInstanceUID: study } });
const series = await client.searchForSeries({ studyInstanceUID: study });
const seriesInstanceUID = series[0]['0020000E'].Value[0];
const instances = await client.searchForInstances({ studyInstanceUID: study, seriesInstanceUID });
const sopInstanceUID = instances[0]['00080018'].Value[0];
const one = { studyInstanceUID: study, seriesInstanceUID, sopInstanceUID };
const metadata = await client.retrieveSeriesMetadata(one);
const instance = await client.retrieveInstance(one);
const frames = await client.retrieveInstanceFrames({ ...one, frameNumbers: [1] });
const all = await client.retrieveSeries(one);
const rendered = await client.retrieveInstanceRendered({ ...one, mediaTypes: [{ mediaType: 'image/jpeg' }] });
const stored = readFileSync(file);
await client.storeInstances({ datasets: [stored.buffer.slice(stored.byteOffset, stored.byteOffset + stored.length)] });

const hex = (buffer) => Buffer.from(buffer).toString('hex');
console.log(
  JSON.stringify({
    studies: found.length,
    instances: instances.length,
    metadata: metadata.length,
    instance: hex(instance),
    frame: hex(frames[0]),
    all: all.map(hex),
    rendered: hex(rendered.byteLength ? rendered : rendered[0]),
  }),
);
