// What programs of others do with a FHIR server, each in its own way: create, read, search, page, transact.
// It runs from the folder in which their packages are installed: node clients.mjs <client> <base URL> <token>

const [client, baseUrl, token] = process.argv.slice(2);
const patient = (family) => ({ resourceType: 'Patient', name: [{ family, given: ['东华'] }] });
const observation = (reference) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  subject: { reference },
});
const transaction = () => {
  const fullUrl = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a';
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      { fullUrl, resource: patient('Kit'), request: { method: 'POST', url: 'Patient' } },
      { resource: observation(fullUrl), request: { method: 'POST', url: 'Observation' } },
    ],
  };
};

async function fhirKitClient() {
  const { Client } = await import('fhir-kit-client');
  const fhir = new Client({ baseUrl, customHeaders: { Authorization: `Bearer ${token}` } });
  const created = await fhir.create({ resourceType: 'Patient', body: patient('Kit') });
  const read = await fhir.read({ resourceType: 'Patient', id: created.id });
  for (let number = 0; number < 4; number += 1) {
    await fhir.create({ resourceType: 'Observation', body: observation(`Patient/${created.id}`) });
  }
  let page = await fhir.search({ resourceType: 'Observation', searchParams: { patient: created.id, _count: 2 } });
  let found = page.entry.length;
  while ((page = await fhir.nextPage({ bundle: page }))) found += page.entry.length;
  const answer = await fhir.transaction({ body: transaction() });
  return { read: read.name[0].family, found, transacted: answer.entry.length };
}

async function medplum() {
  globalThis.WebSocket ??= class {}; // it is named when the package is loaded, and not needed
  const { MedplumClient } = await import('@medplum/core');
  const fhir = new MedplumClient({ baseUrl: new URL('/', baseUrl).href, fhirUrlPath: 'fhir', fetch, accessToken: token });
  const created = await fhir.createResource(patient('Med'));
  const read = await fhir.readResource('Patient', created.id, { cache: 'reload' });
  for (let number = 0; number < 4; number += 1) await fhir.createResource(observation(`Patient/${created.id}`));
  let found = 0;
  for await (const page of fhir.searchResourcePages('Observation', { patient: created.id, _count: 2 })) found += page.length;
  const answer = await fhir.executeBatch(transaction());
  return { read: read.name[0].family, found, transacted: answer.entry.length };
}

console.log(JSON.stringify(await { 'fhir-kit-client': fhirKitClient, medplum }[client]()));
