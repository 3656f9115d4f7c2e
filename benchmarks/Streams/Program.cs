using System.Globalization;
using Conductor.Bench.Streams;

// Usage: Conductor.Bench.Streams [SECONDS [ROUNDS]]: how long each measurement takes (4), and how often each is made (3).
var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 4;
var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
var folder = Directory.CreateTempSubdirectory("streams-");
// The engines run as users of their own.
if (!OperatingSystem.IsWindows())
    File.SetUnixFileMode(folder.FullName, File.GetUnixFileMode(folder.FullName) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
try
{
    Console.WriteLine("records/s, µs of this process's processor per record; port / bare client, medians");
    await using (var rabbitMq = await RabbitMqSides.StartAsync(folder.FullName)) await SideBySide.RunAsync("rabbitmq", rabbitMq, seconds, rounds);
    if (Conductor.Engines.KafkaEngine.Home is null) Console.WriteLine("kafka: there is none here, set KAFKA_HOME");
    else
    {
        await using var kafka = await KafkaSides.StartAsync(folder.FullName);
        await SideBySide.RunAsync("kafka", kafka, seconds, rounds);
    }
}
finally
{
    folder.Delete(recursive: true);
}
