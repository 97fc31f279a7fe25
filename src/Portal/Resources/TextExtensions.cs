using System.Globalization;

namespace Portal.Resources;

/// <summary>Words of the portal: <c>Text.Nav_Overview</c>, with values <c>Text.Common_Ago.With("3 min")</c>.</summary>
internal static class TextExtensions
{
    extension(Text)
    {
        /// <summary>A text by its computed key, for example "Stage_" + stage; a missing key is an error, not an empty label.</summary>
        public static string Get(string name, params object?[] args)
        {
            var text = Text.ResourceManager.GetString(name, CultureInfo.InvariantCulture)
                ?? throw new ArgumentException($"Text.resx has no key '{name}'.", nameof(name));
            return args.Length == 0 ? text : text.With(args);
        }
    }

    extension(string text)
    {
        public string With(params object?[] args) => string.Format(CultureInfo.InvariantCulture, text, args);
    }
}
