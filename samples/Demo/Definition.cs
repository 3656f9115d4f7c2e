namespace Conductor.Demo;

/// <summary>A definition that comes with the program.</summary>
internal static class Definition
{
    /// <param name="name">Folder and file, such as <c>Checkout.checkout.json</c>.</param>
    public static string Read(string name)
    {
        var assembly = typeof(Definition).Assembly;
        using var stream = assembly.GetManifestResourceStream($"Conductor.Demo.{name}")
            ?? throw new InvalidOperationException($"{name} is not in the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
