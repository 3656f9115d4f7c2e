using Conductor.AppHost.Composition;

namespace Conductor.AppHost.Tests.Composition;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Only_one_run_has_the_folder_and_the_next_may_have_it_afterwards()
    {
        var data = new DataFolder(_folder.Path);
        using (data.Take())
        {
            Should.Throw<DistributedApplicationException>(() => new DataFolder(_folder.Path).Take()).Message.ShouldContain("Another run uses " + _folder.Path);
        }
        using (data.Take()) File.Exists(Path.Combine(_folder.Path, "lock")).ShouldBeTrue();
        File.Exists(Path.Combine(_folder.Path, "lock")).ShouldBeFalse();
    }

    [Fact]
    public void A_secret_is_made_once_and_readable_by_its_owner_alone()
    {
        var made = new DataFolder(_folder.Path).Secret("secrets/token");
        made.Length.ShouldBeGreaterThanOrEqualTo(32);
        new DataFolder(_folder.Path).Secret("secrets/token").ShouldBe(made);
        File.GetUnixFileMode(Path.Combine(_folder.Path, "secrets", "token")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void Dispose() => _folder.Dispose();
}
