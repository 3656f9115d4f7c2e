using Conductor.Domain.Streams.Alerts;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Domain.Tests.Streams.Alerts;

public class AlertProcessorsTests
{
    [Fact]
    public void Definitions_become_processors()
    {
        var filter = AlertProcessors.Create(Definition("solar-system-filter", ("action", ["include"]), ("targets", ["10384", "2010 XA53"])));
        filter.Process([Text("2010xa53"), FieldValue.Of(3.0), FieldValue.Of(18.0)]).ShouldBe(ProcessorAnswer.Pass);
        filter.Process([Text("4"), FieldValue.Of(3.0), FieldValue.Of(18.0)]).ShouldBe(ProcessorAnswer.Skip);
        var threshold = AlertProcessors.Create(Definition("threshold", ("field", ["candidate.rb"]), ("op", [">"]), ("value", ["0.5"]), ("nulls", ["pass"])));
        threshold.Fields.ShouldBe(["candidate.rb"]);
        threshold.Process([FieldValue.Of(0.5)]).ShouldBe(ProcessorAnswer.Skip);
        threshold.Process([FieldValue.Of(0.51)]).ShouldBe(ProcessorAnswer.Pass);
        threshold.Process([FieldValue.Null]).ShouldBe(ProcessorAnswer.Pass);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("-999")]
    [InlineData(null)]
    public void Every_way_of_writing_none_is_no_object(string? name)
    {
        var value = name is null ? FieldValue.Null : Text(name);
        new SolarSystemFilter(FilterAction.Include, new()).Process([value, FieldValue.Of(-999.0), FieldValue.Of(-999.0)]).ShouldBe(ProcessorAnswer.Skip);
        new SolarSystemFilter(FilterAction.Include, new()).Process([value, FieldValue.Null, FieldValue.Null]).ShouldBe(ProcessorAnswer.Skip);
        new SolarSystemFilter(FilterAction.Exclude, new()).Process([value, FieldValue.Null, FieldValue.Null]).ShouldBe(ProcessorAnswer.Pass);
    }

    [Theory]
    [InlineData("(21665)Frege", "21665", true)]
    [InlineData("(21665)Frege", "FREGE", true)]
    [InlineData("(21665)Frege", "( 21665 ) frege", true)]
    [InlineData("21665", "(21665)Frege", true)]
    [InlineData("Frege", "(21665)Frege", true)]
    [InlineData("(21665)", "21665", true)]
    [InlineData("(21665)Frege", "2166", false)]
    [InlineData("(21665)Frege", "Freg", false)]
    [InlineData("(21665)", "4", false)]
    [InlineData("2003QX40", "2003", false)]
    [InlineData("(2003QX40)", "2003QX40", false)]
    [InlineData("()Frege", "Frege", false)]
    public void Number_name_and_designation_each_match(string packet, string target, bool matches) =>
        (new SolarSystemFilter(FilterAction.Include, new() { Targets = [target] }).Process([Text(packet), FieldValue.Of(1.0), FieldValue.Of(18.0)])
            == ProcessorAnswer.Pass).ShouldBe(matches);

    [Fact]
    public void Processors_say_what_they_do_with_tombstones()
    {
        AlertProcessors.Create(Definition("solar-system-filter")).Tombstone.ShouldBe(ProcessorAnswer.Pass);
        AlertProcessors.Create(Definition("solar-system-filter", ("tombstones", ["skip"]))).Tombstone.ShouldBe(ProcessorAnswer.Skip);
        AlertProcessors.Create(Definition("threshold", ("field", ["a"]), ("min", ["1"]), ("tombstones", ["skip"]))).Tombstone.ShouldBe(ProcessorAnswer.Skip);
        Problems("threshold", ("field", ["a"]), ("min", ["1"]), ("tombstones", ["keep"])).ShouldBe(["parameters.tombstones"]);
    }

    [Fact]
    public void A_packet_without_the_field_is_not_judged()
    {
        Should.Throw<BadRecordException>(() => new SolarSystemFilter(FilterAction.Include, new()).Process(new FieldValue[3])).Message.ShouldContain(
            "candidate.ssnamenr");
        Should.Throw<BadRecordException>(() => new Threshold("candidate.x", []).Process(new FieldValue[1])).Message.ShouldContain("candidate.x");
        Should.Throw<BadRecordException>(() => new Threshold("objectId", []).Process([Text("ZTF")])).Message.ShouldContain("not a number");
    }

    [Theory]
    [InlineData(Comparison.Less, false)]
    [InlineData(Comparison.Equal, false)]
    [InlineData(Comparison.NotEqual, false)]
    [InlineData(Comparison.AtLeast, false)]
    public void Not_a_number_keeps_no_limit(Comparison comparison, bool passes) =>
        (new Threshold("x", [new Limit(comparison, 1)]).Process([FieldValue.Of(double.NaN)]) == ProcessorAnswer.Pass).ShouldBe(passes);

    [Fact]
    public void Problems_name_their_parameter()
    {
        Problems("solar-system-filter", ("action", ["keep"]), ("max-distance", ["near"]), ("target", ["4"]))
            .ShouldBe(["parameters.action", "parameters.max-distance", "parameters.target"]);
        Problems("threshold", ("op", [">"])).ShouldBe(["parameters.field", "parameters.op", "parameters.value"]);
        Problems("threshold", ("field", ["a"]), ("min", ["1", "2"])).ShouldBe(["parameters.min"]);
        Problems("moon-filter").ShouldBe(["class"]);
        Problems("threshold", ("field", ["a"]), ("min", ["1e-3"])).ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => AlertProcessors.Create(Definition("threshold")));
    }

    private static IEnumerable<string> Problems(string type, params (string Name, string[] Values)[] parameters) =>
        AlertProcessors.Problems(Definition(type, parameters)).Select(problem => problem.Path);

    private static ProcessorDefinition Definition(string type, params (string Name, string[] Values)[] parameters) =>
        new("p", type, parameters.ToDictionary(p => p.Name, IReadOnlyList<string> (p) => p.Values));

    private static FieldValue Text(string text) => FieldValue.Of(System.Text.Encoding.UTF8.GetBytes(text));
}
