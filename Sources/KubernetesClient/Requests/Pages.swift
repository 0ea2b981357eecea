import Kubernetes

/// A list, read page by page while it is iterated; all pages are of one moment.
///
/// Where the server forgets that moment in between (410), the list begins again, as in client-go's pager: the next page
/// has everything, and `startsAgain` says that those before it are void.
public struct Pages: AsyncSequence, Sendable {
  public struct Page: Sendable {
    public var items: [JSONValue]
    /// Of the list, from which a watch may go on.
    public var resourceVersion: String
    /// The pages before this one are to be forgotten.
    public var startsAgain = false
    /// How many are still to come, where the server says.
    public var remainingItems: Int?
  }

  let client: KubernetesClient
  let path: String
  let options: ListOptions

  public func makeAsyncIterator() -> Iterator { Iterator(client: client, path: path, options: options) }

  public struct Iterator: AsyncIteratorProtocol {
    let client: KubernetesClient
    let path: String
    let options: ListOptions
    private var token = ""
    private var isDone = false

    init(client: KubernetesClient, path: String, options: ListOptions) {
      self.client = client
      self.path = path
      self.options = options
    }

    /// - Throws: `APIError`, `TransportError`.
    public mutating func next() async throws -> Page? {
      if isDone { return nil }
      do { return try await read(options.pageItems) } catch let error as APIError
        where error.code == 410 && !token.isEmpty
      {
        token = ""
        var page = try await read(0)
        page.startsAgain = true
        return page
      }
    }

    private mutating func read(_ limit: Int) async throws -> Page {
      var query = options.selectors
      if limit > 0 { query.append(("limit", String(limit))) }
      // A continued list is of the moment of its first page.
      query += token.isEmpty ? options.versions : [("continue", token)]
      let list = try await client.json(APIRequest(.get, path, query: query))
      let metadata = list["metadata"]
      token = metadata?["continue"]?.stringValue ?? ""
      isDone = token.isEmpty
      return Page(
        items: list["items"]?.arrayValue ?? [], resourceVersion: metadata?["resourceVersion"]?.stringValue ?? "",
        remainingItems: metadata?["remainingItemCount"]?.integerValue.map(Int.init))
    }
  }
}

extension KubernetesClient {
  /// A collection, page by page.
  public func pages(_ resource: ResourceType, namespace: String = "", options: ListOptions = ListOptions()) throws
    -> Pages
  {
    Pages(client: self, path: try resource.checkedPath(namespace: namespace, name: nil), options: options)
  }

  /// Every object of a collection, and the resourceVersion of the list.
  public func list(_ resource: ResourceType, namespace: String = "", options: ListOptions)
    async throws -> (items: [JSONValue], resourceVersion: String)
  {
    var items: [JSONValue] = []
    var version = ""
    for try await page in try pages(resource, namespace: namespace, options: options) {
      if page.startsAgain { items = [] }
      items += page.items
      version = page.resourceVersion
    }
    return (items, version)
  }

  public func list<O: KubernetesObject>(_ type: O.Type, namespace: String = "", options: ListOptions)
    async throws -> (items: [O], resourceVersion: String)
  {
    var items: [O] = []
    var version = ""
    for try await page in try pages(O.resource, namespace: namespace, options: options) {
      if page.startsAgain { items = [] }
      // Page by page: a decoded object takes less room than the JSON it came in.
      items += try page.items.map { try O(json: $0) }
      version = page.resourceVersion
    }
    return (items, version)
  }

  public func list<O: KubernetesObject>(
    _ type: O.Type, namespace: String = "", labelSelector: String = "", fieldSelector: String = ""
  ) async throws -> (items: [O], resourceVersion: String) {
    try await list(
      type, namespace: namespace, options: ListOptions(labelSelector: labelSelector, fieldSelector: fieldSelector))
  }

  public func list(
    _ resource: ResourceType, namespace: String = "", labelSelector: String = "", fieldSelector: String = ""
  ) async throws -> (items: [JSONValue], resourceVersion: String) {
    try await list(
      resource, namespace: namespace, options: ListOptions(labelSelector: labelSelector, fieldSelector: fieldSelector))
  }
}
