using Conductor.Architecture.Tests.Sources;

namespace Conductor.Architecture.Tests.Names;

public sealed class DatabaseTests
{
    [Fact]
    public void No_service_names_the_database_s_driver() => Drivers(SourceTree.Files).ShouldBeEmpty();

    [Fact]
    public void A_planted_data_source_is_found() =>
        Drivers([new("services/X/A.cs", "class A(NpgsqlDataSource source);"), new("adapters/Postgres/B.cs", "using Npgsql;")]).ShouldBe(["services/X/A.cs"]);

    private static IEnumerable<string> Drivers(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Path.StartsWith("services/", StringComparison.Ordinal) && file.Text.Contains("Npgsql", StringComparison.Ordinal)
        select file.Path;
}
