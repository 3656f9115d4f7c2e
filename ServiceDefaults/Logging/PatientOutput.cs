using System.Text;

namespace Conductor.ServiceDefaults.Logging;

/// <summary>
/// Standard output that loses what cannot be written while the disk behind it is full, and goes on afterwards: .NET's console logger says
/// nothing any more after the first failure, and other programs end.
/// </summary>
internal sealed class PatientOutput(TextWriter output) : TextWriter
{
    public override Encoding Encoding => output.Encoding;

    // On a writer of its own: .NET locks the console's present writer below every former one, so that one around another is a deadlock with whoever
    // still has that other.
    public static void Install() => System.Console.SetOut(new PatientOutput(
        new StreamWriter(System.Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true }));

    public override void Write(char value) => Try(() => output.Write(value));

    public override void Write(string? value) => Try(() => output.Write(value));

    public override void WriteLine(string? value) => Try(() => output.WriteLine(value));

    public override void Flush() => Try(output.Flush);

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException)
        {
            // There is nowhere to say so.
        }
    }
}
