import Foundation
import Measurements
import Reports
import Training

/// The results of scaling as the text of each file.
package struct ScalingDocument {
    let report: ScalingReport
    let setting: ScalingSetting

    /// A document.
    package init(report: ScalingReport, setting: ScalingSetting) {
        self.report = report
        self.setting = setting
    }

    /// One line of names and one for each point.
    package var csv: String {
        var names = [
            "mode", "layout", "ranks", "threads", "cores", "global_batch", "rounds", "images_per_second", "minimum",
            "maximum", "efficiency",
        ]
        names += StepPhase.allCases.map(\.key)
        names += ["shares_cores", "warning"]
        let rows = report.results.map(Self.fields)
        return ([names] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
    }

    /// Everything, every single measurement included.
    package var json: String {
        let content: [String: Any] = [
            "machine": ["processor": setting.machine.processor, "cores": setting.machine.cores] as [String: Any],
            "versions": ["lockstep": setting.program, "launcher": setting.launcher],
            "command": setting.command, "date": setting.date, "settings": setting.options, "rounds": setting.rounds,
            "points": report.results.map(Self.values), "measurements": report.samples.map(Self.values),
        ]
        let data = try? JSONSerialization.data(
            withJSONObject: content, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        guard let data else { preconditionFailure("a result has no form in JSON") }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private static func values(_ result: ScalingResult) -> [String: Any] {
        values(result.point.run, result.account).merging(
            [
                "mode": result.point.mode.rawValue, "images_per_second": result.median,
                "minimum": result.spread.lowerBound, "maximum": result.spread.upperBound,
                "efficiency": result.efficiency ?? NSNull(), "rates": result.rates,
                "shares_cores": result.warning != nil, "warning": result.warning ?? NSNull(),
            ] as [String: Any]
        ) { first, _ in first }
    }

    private static func values(_ sample: ScalingSample) -> [String: Any] {
        values(sample.run, sample.account).merging(
            [
                "round": sample.round, "images_per_second": sample.imagesPerSecond,
                "shares_cores": sample.warning != nil, "warning": sample.warning ?? NSNull(),
            ] as [String: Any]
        ) { first, _ in first }
    }

    private static func values(_ run: ScalingRun, _ account: StepAccount) -> [String: Any] {
        var values: [String: Any] = [
            "layout": "\(run.layout)", "ranks": run.layout.ranks, "threads": run.layout.threads,
            "cores": run.layout.cores, "global_batch": run.globalBatch,
        ]
        for phase in StepPhase.allCases { values[phase.key] = account[phase] }
        return values
    }

    private static func fields(_ result: ScalingResult) -> [String] {
        let run = result.point.run
        var fields = [
            result.point.mode.rawValue, "\(run.layout)", "\(run.layout.ranks)", "\(run.layout.threads)",
            "\(run.layout.cores)", "\(run.globalBatch)", "\(result.rates.count)", "\(result.median)",
            "\(result.spread.lowerBound)", "\(result.spread.upperBound)",
        ]
        fields.append(result.efficiency.map { "\($0)" } ?? "")
        fields += StepPhase.allCases.map { "\(result.account[$0])" }
        fields += ["\(result.warning != nil)", field(result.warning ?? "")]
        return fields
    }

    private static func field(_ text: String) -> String {
        text.contains { ",\"\n".contains($0) } ? "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\"" : text
    }
}
