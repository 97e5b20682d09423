/**
 * Where the meter is in a body: what was copied, whether the instruction can run, what is open around it. The parts of
 * the meter share one; meter-body.ts starts it anew for every function.
 */
import { ByteWriter } from './byte-writer.ts';
import { type FuelTargets, FuelWriter } from './fuel-writer.ts';
import { MeterFrames } from './meter-frames.ts';

export class MeterState {
  readonly bytes: Uint8Array;
  /** The instructions of the body at hand; what stands before them is known only at its end. */
  readonly code: ByteWriter = new ByteWriter(1 << 16);
  readonly fuel: FuelWriter;
  readonly frames: MeterFrames = new MeterFrames();
  reachable = true;
  /** try_table blocks around the instruction. */
  tries = 0;
  /** A branch leads to the label of the function itself. */
  leftByBranch = false;
  /** Labels of one table expect different things; the body is to be written once more. */
  conflict = false;
  readonly #source: DataView;
  /** The original is copied up to here. */
  #copied = 0;

  constructor(bytes: Uint8Array, targets: FuelTargets) {
    this.bytes = bytes;
    this.#source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.fuel = new FuelWriter(this.code, targets);
  }

  /** Starts with the instructions of a body, whose function has so many locals of its own. */
  begin(locals: number, start: number): void {
    this.code.clear();
    this.fuel.begin(locals);
    this.reachable = true;
    this.tries = 0;
    this.leftByBranch = false;
    this.conflict = false;
    this.#copied = start;
  }

  copyTo(offset: number): void {
    this.code.words(this.#source, this.#copied, offset);
    this.#copied = offset;
  }

  /** What follows cannot run until a block ends that something else leads to. */
  stop(): void {
    this.reachable = false;
    this.fuel.pending = 0;
    this.fuel.inGlobal = false;
  }

  /** Brings the counter to where a call or a trap shows it; a caught exception goes on from the local. */
  save(): void {
    this.fuel.save({ keepLocal: this.tries > 0 });
  }
}
