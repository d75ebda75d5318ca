import Tensors

/// The arithmetic of an optimiser and its settings; `OptimizerKind` lists those there are.
public protocol UpdateRule: Sendable, Equatable {
    /// The name it goes by.
    var kind: OptimizerKind { get }
    /// The settings that plans and options know.
    static var settings: [OptimizerSetting] { get }
    /// The names of the blocks of state it keeps; checkpoints are written by them.
    var slotNames: [String] { get }
    /// Whether it looks at tensors as a whole, so that each has a pass of its own.
    var takesTensorsAlone: Bool { get }
    /// What it multiplies the gradients of each run by in the next step.
    func gradientScales(of runs: [TrainableRun], in store: ParameterStore, pool: WorkerPool) -> [Float]
    /// Moves some elements and their state by one step.
    func update(_ pass: UpdatePass)
}

extension UpdateRule {
    /// Equal neighbours share a pass.
    public var takesTensorsAlone: Bool { false }

    /// Gradients as they are.
    public func gradientScales(of runs: [TrainableRun], in store: ParameterStore, pool: WorkerPool) -> [Float] {
        runs.map { _ in 1 }
    }

    /// Whether another rule is this one with the same settings.
    package func isEqual(to other: any UpdateRule) -> Bool { (other as? Self) == self }
}

/// What one pass of an update rule goes over: a worker's part of a run, whole cache lines of the flat blocks.
///
/// Its offsets are bytes, 32 apart: eight floats are read and written at once.
public struct UpdatePass {
    /// What the learning rate of the step is for these elements.
    public let learningRate: Float
    /// Their weight decay.
    public let weightDecay: Double
    /// The number of steps they have been trained for, this one included.
    public let step: Int
    /// What the rule multiplies their gradients by.
    public let gradientScale: Float

    private let values: UnsafeMutableRawPointer
    private let gradients: UnsafeRawPointer
    private let slots: [UnsafeMutableRawPointer]
    private let byteCount: Int

    init(
        _ run: TrainableRun, of store: ParameterStore, _ slots: [OptimizerSlot], step: Int, learningRate: Float,
        gradientScale: Float
    ) {
        let start = run.range.lowerBound
        self.learningRate = learningRate * Float(run.rateFactor)
        weightDecay = run.weightDecay
        self.step = step - run.trainedSteps.lowerBound + 1
        self.gradientScale = gradientScale
        values = UnsafeMutableRawPointer(store.values.pointer + start)
        gradients = UnsafeRawPointer(store.gradients.pointer + start)
        self.slots = slots.map { UnsafeMutableRawPointer($0.block.pointer + start) }
        byteCount = run.range.count * MemoryLayout<Float>.stride
    }

    /// Replaces eight values at a time by what `body` makes of them and their gradients, and of state by its offset.
    @inline(__always)
    func forEachVector(_ body: (_ value: SIMD8<Float>, _ gradient: SIMD8<Float>, _ offset: Int) -> SIMD8<Float>) {
        for offset in stride(from: 0, to: byteCount, by: 32) {
            let value = values.load(fromByteOffset: offset, as: SIMD8<Float>.self)
            let gradient = gradients.load(fromByteOffset: offset, as: SIMD8<Float>.self)
            values.storeBytes(of: body(value, gradient, offset), toByteOffset: offset, as: SIMD8<Float>.self)
        }
    }

    /// The elements of one slot, where the pass begins.
    func slot(_ index: Int) -> SlotElements { SlotElements(start: slots[index]) }
}

/// The elements of one slot that a pass goes over.
struct SlotElements {
    fileprivate let start: UnsafeMutableRawPointer

    /// Eight of them, by their offset.
    @inline(__always)
    subscript(offset: Int) -> SIMD8<Float> {
        get { start.load(fromByteOffset: offset, as: SIMD8<Float>.self) }
        nonmutating set { start.storeBytes(of: newValue, toByteOffset: offset, as: SIMD8<Float>.self) }
    }
}
