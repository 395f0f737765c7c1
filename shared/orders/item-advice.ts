/** Pure: what each code of a failed item means to the partner, and what it can do. */

export type ItemAdvice = {
  message: string;
  /** Ordering the number again, as it was, may succeed. */
  retryable: boolean;
  nextStep: string;
};

const ADVICE: Readonly<Record<string, ItemAdvice>> = {
  UpstreamSyncFailed: {
    message: 'The voice service refused the number.',
    retryable: true,
    nextStep: 'Correct what the upstream errors name, then order the failed numbers again.',
  },
  UpstreamRejected: {
    message: 'The gateway refused the number.',
    retryable: false,
    nextStep: 'Correct what the upstream errors name before ordering the number again.',
  },
  InvalidNumber: {
    message: 'Not an E.164 number.',
    retryable: false,
    nextStep: 'Order the number as it should be: a plus, the country code and the rest, digits only.',
  },
  NumberNotAllocated: {
    message: 'The number is not allocated to this partner.',
    retryable: false,
    nextStep: 'Ask the operator to allocate the number, then order it again.',
  },
  NumberAlreadyAssigned: {
    message: 'Another of your customers holds the number.',
    retryable: false,
    nextStep: 'Release the number for the other customer, then order it again.',
  },
  NumberExists: {
    message: 'The customer has the number already, and the order was to leave such numbers alone.',
    retryable: false,
    nextStep: 'Nothing, if its settings are right; otherwise order it with onExisting update.',
  },
  NumberGone: {
    message: 'The gateway no longer has the number: somebody else has removed it, or its customer.',
    retryable: true,
    nextStep: 'Order the number again if it is still wanted.',
  },
  ServiceNotEnabled: {
    message: 'The customer does not have the service: enabling it has failed.',
    retryable: true,
    nextStep: 'See why in the errors of the customer, then order the number again.',
  },
  UsageNotOffered: {
    message: 'None of the plans of the customer has this usage.',
    retryable: false,
    nextStep: 'Choose a usage of GET /customers/{customerId}/capability-plans?refresh=true, then order the number again.',
  },
  CapabilityNotOffered: {
    message: 'No plan of this usage has this capability.',
    retryable: false,
    nextStep: 'Choose capabilities of GET /customers/{customerId}/capability-plans?refresh=true, then order the number again.',
  },
  EmergencyAddressRequired: {
    message: 'A number that people call from needs an emergency address, unless the tenant may set it.',
    retryable: false,
    nextStep: 'Name a civic address or location, or let the tenant set it with emergency.tenantMayUpdate.',
  },
  CivicAddressNotFound: {
    message: 'The tenant of the customer has no such civic address.',
    retryable: false,
    nextStep: 'Choose one of GET /customers/{customerId}/civic-addresses?refresh=true, then order the number again.',
  },
  LocationNotFound: {
    message: 'The civic address has no such location.',
    retryable: false,
    nextStep: 'Choose one of GET /customers/{customerId}/civic-addresses?refresh=true, then order the number again.',
  },
  CountryCodeRequired: {
    message: 'A North American toll-free number needs the country that is displayed for it.',
    retryable: false,
    nextStep: 'Say displayedCountryCode in the settings, then order the number again.',
  },
  ConsentRequired: {
    message: 'The tenant of the customer does not consent at present.',
    retryable: true,
    nextStep: 'Have the customer consent in its Teams admin center; GET /rfis shows it. Then order the number again.',
  },
  CountryNotConsented: {
    message: 'The consent of the customer does not cover the country of the number.',
    retryable: true,
    nextStep: 'Have the customer consent for this country in its Teams admin center, then order the number again.',
  },
  CustomHeaderInvalid: {
    message: 'The header must have 1 to 100 letters, digits, dashes and underscores.',
    retryable: false,
    nextStep: 'Correct customSipHeader, then order the number again.',
  },
  CustomHeaderNotSupported: {
    message: 'The gateway adds no header of its own to calls of this service.',
    retryable: false,
    nextStep: 'Leave customSipHeader out, then order the number again.',
  },
  UpstreamTimeout: {
    message: 'The gateway did not confirm the number in time.',
    retryable: true,
    nextStep: 'Order the number again.',
  },
  ClosedByOperator: {
    message: 'The operator closed the number by hand.',
    retryable: true,
    nextStep: 'Order the number again; the upstream error holds the reason.',
  },
  InternalError: {
    message: 'Something went wrong on our side.',
    retryable: true,
    nextStep: 'Order the number again; tell the operator if it fails again.',
  },
};

const UNKNOWN: ItemAdvice = {
  message: 'The number could not be provisioned.',
  retryable: false,
  nextStep: 'Ask the operator, naming the order and this code.',
};

export const adviceFor = (code: string): ItemAdvice => ADVICE[code] ?? UNKNOWN;
