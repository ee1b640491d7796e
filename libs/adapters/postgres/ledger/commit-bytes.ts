/**
 * Bytes of commits on their way from PostgreSQL. The driver reads every value as text, also in its binary format, which
 * destroys what is not UTF-8; its own text format of bytes is hexadecimal, half as dense as this one.
 */
export const bytesAsBase64 = `encode(bytes, 'base64') AS bytes`;

export interface Base64Row {
  position: number;
  bytes: string;
}

export function fromBase64<Row extends Base64Row>(row: Row): Omit<Row, 'bytes'> & { position: number; bytes: Buffer } {
  return { ...row, bytes: Buffer.from(row.bytes, 'base64') };
}
