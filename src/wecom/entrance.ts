/** Where a page sends whoever opens it, to come back to `back` with a code that tells who it is (protocol D.9). */
export function entrance(
  at: { authorizeUrl: string; corpId: string; agentId: number },
  { back, state }: { back: string; state: string },
): string {
  const query = new URLSearchParams({
    appid: at.corpId,
    redirect_uri: back,
    response_type: 'code',
    scope: 'snsapi_base',
    state,
    agentid: String(at.agentId),
  });
  // Without the fragment the client brings nobody along.
  return `${at.authorizeUrl}?${query.toString()}#wechat_redirect`;
}
