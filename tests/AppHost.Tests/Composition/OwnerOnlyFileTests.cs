using Conductor.AppHost.Composition;

namespace Conductor.AppHost.Tests.Composition;

public sealed class OwnerOnlyFileTests
{
    [Fact]
    public void Nobody_but_its_owner_may_read_it_even_where_another_file_was_before()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "secret");
        File.WriteAllText(path, "old");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        OwnerOnlyFile.Write(path, "new");

        File.ReadAllText(path).ShouldBe("new");
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
