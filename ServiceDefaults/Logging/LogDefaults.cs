using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Conductor.ServiceDefaults.Logging;

internal static class LogDefaults
{
    public static void AddLogDefaults(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddConsole().AddConsoleFormatter<JsonLines, ConsoleFormatterOptions>();
        builder.Logging.AddSimpleConsole(text =>
        {
            text.SingleLine = true;
            text.TimestampFormat = "HH:mm:ss.fff ";
        });
        // AddSimpleConsole names itself the formatter. Configuration (Logging:Console:FormatterName) has the last word.
        var formatter = builder.Configuration["Logging:Console:FormatterName"]
            ?? (Console.IsOutputRedirected ? JsonLines.FormatterName : ConsoleFormatterNames.Simple);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = formatter);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning);
    }
}
