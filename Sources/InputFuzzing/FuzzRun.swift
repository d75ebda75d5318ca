import Reports

/// Tries a reader with mutated inputs. The inputs depend on the seed and their number alone.
package struct FuzzRun {
    private let reader: any FuzzedReader
    private let seed: UInt64

    /// The run of a seed on a reader.
    package init(reader: any FuzzedReader, seed: UInt64) {
        self.reader = reader
        self.seed = seed
    }

    /// The input of a number.
    package func input(_ number: Int) -> [UInt8] {
        var mutator = InputMutator(reader: reader, seed: seed, number: number)
        let (input, isFramed) = mutator.next()
        return isFramed ? reader.framed(input) : input
    }

    /// Makes sure that the reader accepts what the mutations start from.
    ///
    /// - Throws: `BrokenPromise` when it refuses a sample or does not keep a promise about it.
    package func checkSamples() throws(BrokenPromise) {
        for (index, sample) in reader.samples.enumerated() {
            try BrokenPromise.unless(
                try reader.accepts(sample), "The \(reader.name) reader refuses its own sample \(index).")
        }
    }

    /// Tries the inputs of some numbers, in order.
    ///
    /// - Throws: `BrokenPromise` for the first input that breaks one, with its number and the seed.
    package func tally(_ numbers: Range<Int>) throws(BrokenPromise) -> FuzzTally {
        var tally = FuzzTally()
        let start = MonotonicClock.seconds
        for number in numbers {
            do throws(BrokenPromise) {
                if try reader.accepts(input(number)) { tally.accepted += 1 }
            } catch {
                throw BrokenPromise("\(reader.name), input \(number) of seed \(seed): \(error)")
            }
        }
        tally.inputs = numbers.count
        tally.seconds = MonotonicClock.seconds - start
        return tally
    }
}
