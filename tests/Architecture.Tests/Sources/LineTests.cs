namespace Conductor.Architecture.Tests.Sources;

public sealed class LineTests
{
    private const int Longest = 160;

    [Fact]
    public void No_line_is_longer_than_160_columns() => LongLines(SourceTree.Files).ShouldBeEmpty();

    [Fact]
    public void A_planted_long_line_is_found() =>
        LongLines([new("domain/Planted.cs", $"// short\n//{new string('-', 158)}\n//{new string('-', 159)}\r\n")])
            .ShouldBe(["domain/Planted.cs:3 has 161 columns"]);

    private static IEnumerable<string> LongLines(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp
        from line in file.Text.Split('\n').Select((text, i) => (Number: i + 1, text.TrimEnd('\r').Length))
        where line.Length > Longest
        select $"{file.Path}:{line.Number} has {line.Length} columns";
}
