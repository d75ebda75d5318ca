/// The names and places of parameters in a flat block.
public struct ParameterTable: Sendable, Hashable {
    /// Parameters start at multiples of this many elements: one cache line.
    public static let elementAlignment = AlignedMemory.alignment / MemoryLayout<Float>.stride

    /// The parameters in the order they were declared, which is the order of the forward pass.
    public private(set) var parameters: [Parameter] = []
    /// The length of a flat block that holds them all, padding included.
    public private(set) var blockCount = 0
    /// The index of each parameter by its name.
    private var indices: [String: Int] = [:]

    /// An empty table.
    public init() {}

    /// Adds a parameter behind the others and returns it.
    @discardableResult
    public mutating func declare(
        _ name: String, _ shape: Shape, role: ParameterRole, layout: ParameterLayout = .plain,
        settings: ParameterSettings = ParameterSettings()
    ) -> Parameter {
        precondition(indices[name] == nil, "two parameters are called \(name)")
        let parameter = Parameter(
            name: name, shape: shape, role: role, layout: layout, settings: settings,
            range: blockCount..<blockCount + shape.count)
        indices[name] = parameters.count
        parameters.append(parameter)
        blockCount =
            (parameter.range.upperBound + Self.elementAlignment - 1) / Self.elementAlignment * Self.elementAlignment
        return parameter
    }

    /// The number of elements without padding.
    public var elementCount: Int { parameters.reduce(0) { $0 + $1.shape.count } }

    /// The parameter of that name.
    public subscript(name: String) -> Parameter? { indices[name].map { parameters[$0] } }
}
