using Conductor.Engines;

namespace Conductor.EndToEnd.Tests;

[EndToEnd]
public sealed class SecrecyTests(DemoPlatform demo)
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const UnixFileMode Foreign = Others | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    [Fact]
    public async Task Files_of_a_platform_are_its_users_alone()
    {
        var root = new DirectoryInfo((await demo.StartedAsync()).Data);
        // The engines' users pass through the data folder, and see nothing else in it.
        (root.UnixFileMode & Others).ShouldBe(UnixFileMode.None, root.FullName);
        foreach (var folder in root.EnumerateDirectories()) (folder.UnixFileMode & Foreign).ShouldBe(UnixFileMode.None, folder.FullName);
        foreach (var file in root.EnumerateFiles()) (file.UnixFileMode & Foreign).ShouldBe(UnixFileMode.None, file.FullName);
    }

    [Fact]
    public async Task No_secret_stands_in_an_argument_of_a_process_or_in_a_log()
    {
        var platform = await demo.StartedAsync();
        var secrets = Secrets(platform.Data);
        secrets.Count.ShouldBeGreaterThanOrEqualTo(5);
        foreach (var (id, _) in platform.Processes().Where(Platform.Lives))
            ShouldHoldNone(secrets, await File.ReadAllTextAsync($"/proc/{id}/cmdline", TestContext.Current.CancellationToken), $"process {id}");
        foreach (var log in Directory.EnumerateFiles(platform.Data, "*.log", SearchOption.AllDirectories))
            ShouldHoldNone(secrets, await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken), log);
    }

    private static void ShouldHoldNone(Dictionary<string, string> secrets, string text, string where)
    {
        foreach (var (file, secret) in secrets) text.Contains(secret, StringComparison.Ordinal).ShouldBeFalse($"{where} holds what is in {file}");
    }

    private static Dictionary<string, string> Secrets(string data) => Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == "secrets" || Path.GetFileName(file) is "password" or ".erlang.cookie")
        .ToDictionary(file => file, file => File.ReadAllText(file).Trim());
}
