/** Pure: the port that looks at a foreign server without asking it for anything: its name, its addresses, its certificate. */

/** Stops at the first thing that keeps posts from arriving. Holds no address. */
export type Inspection =
  | { stage: 'name'; failure: 'NameNotFound' }
  /** At least one of the addresses is none that posts may go to. */
  | { stage: 'address'; failure: 'AddressNotAllowed'; addresses: number }
  | { stage: 'connect'; failure: 'ConnectionRefused' | 'Unreachable' | 'TimedOut'; addresses: number }
  | { stage: 'tls'; failure: 'CertificateExpired' | 'CertificateUntrusted' | 'CertificateForOtherName' | 'TlsFailed'; addresses: number }
  /** `validTo` of the certificate; absent over plain http, which a local setting alone allows. */
  | { stage: 'done'; addresses: number; protocol?: string; validToMs?: number };

/** Never rejects for anything that the far side or the network does. */
export type InspectEndpoint = (url: string) => Promise<Inspection>;
