/** @throws PreparationError where the packages cannot be fetched */
export function testModel(tell: (line: string) => void): Promise<string>;
