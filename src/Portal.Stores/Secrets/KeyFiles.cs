using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging;
using Portal.Stores.Files;

namespace Portal.Stores.Secrets;

/// <summary>
/// Data protection keys, one file a key. Where the folder cannot be written a key lives in memory, so that pages still
/// open; the vault stores nothing with such a key.
/// </summary>
internal sealed class KeyFiles(DataFolder folder, FileWriter writer, ILogger<KeyFiles> logger) : IXmlRepository
{
    private readonly Lock gate = new();
    private readonly List<(string Path, XElement Element)> unstored = [];

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var elements = new List<XElement>();
        foreach (var path in Paths())
        {
            try
            {
                elements.Add(XElement.Load(path));
            }
            catch (Exception exception) when (exception is XmlException || FileFaults.IsFault(exception))
            {
                logger.KeyNotRead(folder.Relative(path), exception.Message);
            }
        }
        lock (gate)
            elements.AddRange(unstored.Select(item => item.Element));
        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var name = new string([.. friendlyName.Where(c => char.IsAsciiLetterOrDigit(c) || c == '-')]);
        lock (gate)
            unstored.Add((Path.Combine(folder.Keys, name + ".xml"), element));
        if (StoreAgain() is { } fault)
        {
            var (message, fix) = FileFaults.Explain(fault, folder.Keys);
            logger.KeyNotStored(message, fix);
        }
    }

    /// <summary>Writes the keys that live in memory alone. Gives what stops it; null = every key is on the disk.</summary>
    public Exception? StoreAgain()
    {
        lock (gate)
        {
            try
            {
                while (unstored.Count > 0)
                {
                    var (path, element) = unstored[0];
                    DataFolder.CreatePrivate(folder.Keys);
                    writer.Write(path, Encoding.UTF8.GetBytes(element.ToString()), DataFolder.PrivateFile);
                    unstored.RemoveAt(0);
                }
                return null;
            }
            catch (Exception exception) when (FileFaults.IsFault(exception))
            {
                return exception;
            }
        }
    }

    private string[] Paths()
    {
        try
        {
            return Directory.Exists(folder.Keys) ? Directory.GetFiles(folder.Keys, "*.xml") : [];
        }
        catch (Exception exception) when (FileFaults.IsFault(exception))
        {
            logger.KeyNotRead(folder.Relative(folder.Keys), exception.Message);
            return [];
        }
    }
}
