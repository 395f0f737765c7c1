/** Which addresses outbound posts may reach: the public ones, and this machine where the local switch is on. */
import net from 'node:net';
import type antissrf from '@microsoft/antissrf';

/** IPv4-compatible IPv6, which the library's list leaves out. */
const ALSO_DENIED = ['::/96'];
const LOOPBACK_ADDRESSES = ['127.0.0.1/32', '::1/128'];

export type AddressGuard = {
  /** Checks every address that a name stands for before it connects; for its agents. */
  policy: InstanceType<typeof antissrf.AntiSSRFPolicy>;
  /** The same rules for one address, IPv4 or IPv6. */
  isAllowed: (address: string) => boolean;
};

/** The library keeps all of its networks as IPv6. */
const asIPv6 = (address: string): string => (net.isIPv4(address) ? `::ffff:${address}` : address.replace(/%.*$/, ''));

/** Loads the library, for which a start need not wait. */
export const addressGuard = async (allowLoopback: boolean): Promise<AddressGuard> => {
  const { default: antissrf } = await import('@microsoft/antissrf');
  const policy = new antissrf.AntiSSRFPolicy(antissrf.PolicyConfigOptions.ExternalOnlyLatest);
  policy.addDeniedAddresses(ALSO_DENIED);
  if (allowLoopback) policy.addAllowedAddresses(LOOPBACK_ADDRESSES);
  policy.allowPlainTextHttp = allowLoopback;
  const isAllowed = (address: string): boolean => {
    if (net.isIP(address) === 0) return false;
    const wide = asIPv6(address);
    return policy.allowedAddresses.check(wide, 'ipv6') || !policy.deniedAddresses.check(wide, 'ipv6');
  };
  return { policy, isAllowed };
};

export class AddressNotAllowed extends Error {
  readonly code = 'AddressNotAllowed';
}

/**
 * Ends `socket` with AddressNotAllowed, before a byte is sent, when the address that it is connected to is not allowed: whatever the name stood
 * for when it was looked up, this is where it has led.
 */
export const watchSocket = (socket: net.Socket, { isAllowed }: AddressGuard): void => {
  const look = (): void => {
    const { remoteAddress } = socket;
    if (remoteAddress !== undefined && !isAllowed(remoteAddress))
      socket.destroy(new AddressNotAllowed('connected to an address that is not allowed'));
  };
  if (socket.connecting) socket.once('connect', look);
  else look();
};
