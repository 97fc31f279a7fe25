using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Portal.Messaging.Kafka;

/// <summary>
/// Makes sure that Kafka runs on the native library that comes with the product. On 64-bit Linux the default build
/// wants <c>libsasl2.so.3</c>; where that is missing the client falls back to whatever librdkafka the system has.
/// </summary>
public static class NativeLibrdkafka
{
    private const string ImportName = "librdkafka";
    private const string BundledForLinux = "centos8-librdkafka";
    private static readonly Lazy<bool> _registered = new(RegisterForConfluent);
    private static readonly Lazy<bool> _verified = new(Verify);

    /// <summary>The version that the client library was made for and that <see cref="EnsureLoaded"/> insists on.</summary>
    public static string ExpectedVersion { get; } = typeof(Library).Assembly.GetName().Version!.ToString(3);

    /// <summary>
    /// Call before the first use of Kafka in the process, as often and from as many threads as you like.
    /// </summary>
    /// <exception cref="InvalidOperationException">The native library is missing or of another version.</exception>
    public static void EnsureLoaded() => _ = _verified.Value;

    /// <summary>Lets an assembly with its own imports of <c>librdkafka</c> use the very same native library.</summary>
    /// <exception cref="InvalidOperationException">The assembly already has a resolver, or the library cannot be loaded.</exception>
    public static void ResolveImportsOf(Assembly assembly)
    {
        EnsureLoaded();
        NativeLibrary.SetDllImportResolver(assembly, static (name, _, searchPath) =>
            name == ImportName ? Load(typeof(Library).Assembly, searchPath) : nint.Zero);
    }

    private static bool RegisterForConfluent()
    {
        NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, static (name, assembly, searchPath) =>
            name is ImportName or BundledForLinux ? Load(assembly, searchPath) : nint.Zero);
        return true;
    }

    // Inside the platform's own search the file is found beside the application or in runtimes/<rid>/native.
    // Zero hands the name back to the default resolution.
    private static nint Load(Assembly assembly, DllImportSearchPath? searchPath)
    {
        var name = HasBundledLinuxBuild ? BundledForLinux : ImportName;
        return NativeLibrary.TryLoad(name, assembly, searchPath, out var handle) ? handle : nint.Zero;
    }

    private static bool HasBundledLinuxBuild =>
        OperatingSystem.IsLinux()
        && RuntimeInformation.ProcessArchitecture == Architecture.X64
        && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
        && !RuntimeInformation.RuntimeIdentifier.StartsWith("alpine", StringComparison.Ordinal);

    private static bool Verify()
    {
        _ = _registered.Value;
        string loaded;
        try
        {
            loaded = Library.VersionString;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or InvalidOperationException or TypeInitializationException)
        {
            throw new InvalidOperationException(
                $"The Kafka library librdkafka {ExpectedVersion} cannot be loaded: {e.Message} "
                + "Deploy the whole output folder of the portal, with its folder 'runtimes', on a system with glibc 2.28 or newer "
                + "(for example Debian 12 or Ubuntu 22.04).",
                e);
        }

        return loaded == ExpectedVersion
            ? true
            : throw new InvalidOperationException(
                $"Kafka would run on librdkafka {loaded}, but the portal needs the librdkafka {ExpectedVersion} that comes with it. "
                + "Deploy the whole output folder of the portal, with its folder 'runtimes', and do not preload another librdkafka "
                + "(for example with LD_PRELOAD).");
    }
}
