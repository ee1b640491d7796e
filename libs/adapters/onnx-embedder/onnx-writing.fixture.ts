// As much of ONNX (a protocol buffer) as a table of word vectors needs, so that tests make their models themselves.
// Numbers of fields: onnx.proto, ModelProto and below.

type Field = readonly [number: number, value: number | string | Buffer];

const elementTypes = { float: 1, int64: 7 };

/** One message: numbers as varints, everything else with its length before it. */
function message(...fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number') return [varint(number << 3), varint(value)];
      const bytes = Buffer.from(value as Buffer);
      return [varint((number << 3) | 2), varint(bytes.length), bytes];
    }),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left]);
    bytes.push((left % 128) | 128);
  }
}

const node = (operation: string, inputs: readonly string[], outputs: readonly string[]): Field => [
  1,
  message(
    ...inputs.map((input): Field => [1, input]),
    ...outputs.map((output): Field => [2, output]),
    ...[[4, operation] as const],
  ),
];

function value(name: string, element: keyof typeof elementTypes, shape: readonly (string | number)[]): Buffer {
  const dimensions = shape.map((size): Field => [1, message(typeof size === 'number' ? [1, size] : [2, size])]);
  const tensor = message([1, elementTypes[element]], [2, message(...dimensions)]);
  return message([1, name], [2, message([1, tensor])]);
}

export interface TableModel {
  /** A vector for each token. */
  table: readonly (readonly number[])[];
  inputs?: readonly string[];
  /** Rounds what goes through it to 255 steps of whatever lies beside it, as int8 models do. */
  isQuantised?: boolean;
}

/** An ONNX file whose `last_hidden_state` has the vector of each token. */
export function onnxOf({ table, inputs = ['input_ids', 'attention_mask'], isQuantised = false }: TableModel): Buffer {
  const dimensions = table[0]!.length;
  const output = 'last_hidden_state';
  const nodes = isQuantised
    ? [
        node('Gather', ['table', 'input_ids'], ['found']),
        node('DynamicQuantizeLinear', ['found'], ['steps', 'scale', 'zero']),
        node('DequantizeLinear', ['steps', 'scale', 'zero'], [output]),
      ]
    : [node('Gather', ['table', 'input_ids'], [output])];
  const initializer = message(
    ...[[1, table.length] as const, [1, dimensions] as const, [2, elementTypes.float] as const],
    ...[[8, 'table'] as const, [9, Buffer.from(Float32Array.from(table.flat()).buffer)] as const],
  );
  const graph = message(
    ...nodes,
    ...[[2, 'words'] as const, [5, initializer] as const],
    ...inputs.map((name): Field => [11, value(name, 'int64', ['batch', 'sequence'])]),
    [12, value(output, 'float', ['batch', 'sequence', dimensions])],
  );
  return message([1, 8], [7, graph], [8, message([1, ''], [2, 17])]);
}
