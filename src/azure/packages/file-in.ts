/** The file of a package's address, without whatever else the address carries. */
export const fileIn = (address: string): string =>
  address
    .replace(/[?#].*$/s, '')
    .split('/')
    .findLast((part) => part !== '') ?? address;
