/** Which study is meant and whose: two hospitals may have it, each with patient data of its own. */
export interface StudyAt {
  uid: string;
  /** The code of the hospital; empty where one alone can be meant. */
  hospital: string;
}

type Door = '/dicom-web/studies' | '/api/studies';

/** Narrows a request to one hospital, if one is named. */
export function ofHospital(params: URLSearchParams, hospital: string): URLSearchParams {
  if (hospital) params.set('organisation', hospital);
  return params;
}

/** Where something of a study is on the server; says with every request whose copy is meant. */
export function addressOf(door: Door, at: StudyAt, rest = '', params: Record<string, string> = {}): string {
  const query = String(ofHospital(new URLSearchParams(params), at.hospital));
  return `${door}/${at.uid}${rest}${query && `?${query}`}`;
}
